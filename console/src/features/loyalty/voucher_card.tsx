// One voucher: what it is now, and what can be done with it.

import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { piggy } from "~/api/client";
import { useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Badge, Notice } from "~/ui/page";
import { QrCode } from "~/ui/qr";
import { Copyable } from "~/ui/show";
import { Facts } from "~/ui/table";
import { tell, tellProblem } from "~/ui/toast";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { voucherWords } from "~/words/voucher";
import { voucherTones, type Voucher } from "./voucher";
import { ChangeVoucher, RedeemDialog, ReleaseDialog, ReverseDialog } from "./voucher_dialogs";

export function VoucherCard({ voucher }: { voucher: Voucher }) {
  const w = useWords(voucherWords);
  const f = useFormats();
  const [open, setOpen] = useState<"redeem" | "reverse" | "change" | "release" | null>(null);
  // Told once, when it is locked and when it is redeemed: they are needed to take it back.
  const [key, setKey] = useState<string>();
  const [redemption, setRedemption] = useState<string>();
  const [good, setGood] = useState<string>();
  const lock = useWrite("lock_voucher", { onDone: (answer) => { setKey(answer.lock.release_key); tell(w.locked); } });
  const update = useWrite("update_voucher", { onDone: (now) => tell(now.status === "DEACTIVATED" ? w.deactivated : w.activated) });
  const check = async () => {
    try {
      const { shops } = await piggy.call("list_shops", {});
      await piggy.call("validate_voucher", { uuid: voucher.uuid, shop_uuid: shops[0]?.uuid ?? null, contact_uuid: voucher.contact?.uuid ?? null });
      setGood(w.isGood);
    } catch (error) {
      setGood(undefined);
      tellProblem(error);
    }
  };
  const state = voucher.status;
  const close = () => setOpen(null);
  return (
    <div className="flex flex-wrap items-start gap-5">
      <QrCode text={voucher.code} className="size-28 rounded-lg border border-line" />
      <div className="min-w-0 grow basis-64">
        <div className="mb-3 flex flex-wrap items-center gap-2">
          <code className="font-mono text-lg font-semibold">{voucher.code}</code>
          <Badge tone={voucherTones[state]}>{w.states[state]}</Badge>
        </div>
        <Facts of={[
          [w.promotion, <Link key="to" to={`/loyalty/vouchers/${voucher.promotion.uuid}`} className="font-medium text-pink hover:underline">{voucher.name}</Link>],
          [w.belongsTo, voucher.contact
            ? <Link key="to" to={`/contacts/${voucher.contact.uuid}`} className="font-medium text-pink hover:underline">{voucher.contact.email}</Link> : w.whoeverHasIt],
          [w.redeemedTimes, w.ofTimes(f.number(voucher.times_redeemed), f.number(voucher.total_redemptions_allowed))],
          [w.goodUntil, voucher.expiration_date ? f.moment(voucher.expiration_date) : w.forEver],
          ...(voucher.activation_date ? [[w.goodFrom, f.moment(voucher.activation_date)] as [string, string]] : []),
        ]} />
        <div className="mt-4 flex flex-wrap gap-2">
          {(state === "ACTIVE" || state === "LOCKED") && <Button small look="primary" onClick={() => setOpen("redeem")}>{w.redeem}</Button>}
          {state === "ACTIVE" && <Button small onClick={() => void check()}>{w.validate}</Button>}
          {voucher.times_redeemed > 0 && <Button small icon="undo" onClick={() => setOpen("reverse")}>{w.reverse}</Button>}
          {state === "ACTIVE" && <Button small busy={lock.isPending} onClick={() => lock.mutate({ uuid: voucher.uuid }, { onError: tellProblem })}>{w.lock}</Button>}
          {state === "LOCKED" && <Button small onClick={() => setOpen("release")}>{w.release}</Button>}
          {(state === "ACTIVE" || state === "INACTIVE") && <Button small onClick={() => setOpen("change")}>{w.changeExpiry}</Button>}
          {(state === "ACTIVE" || state === "INACTIVE") && (
            <Button small look="danger" busy={update.isPending} onClick={() => update.mutate({ uuid: voucher.uuid, status: "DEACTIVATED" }, { onError: tellProblem })}>{w.deactivate}</Button>
          )}
          {state === "DEACTIVATED" && <Button small busy={update.isPending} onClick={() => update.mutate({ uuid: voucher.uuid, status: "ACTIVE" }, { onError: tellProblem })}>{w.activate}</Button>}
        </div>
        {good && state === "ACTIVE" && <div role="status" className="mt-3"><Notice tone="good">{good}</Notice></div>}
        {key && state === "LOCKED" && <div className="mt-3"><p className="mb-1 text-sm text-soft">{w.keyAbout}</p><Copyable text={key} label={w.releaseKey} /></div>}
        {redemption && <div className="mt-3"><p className="mb-1 text-sm text-soft">{w.redemptionAbout}</p><Copyable text={redemption} label={w.redemption} /></div>}
      </div>
      {open === "redeem" && <RedeemDialog voucher={voucher} releaseKey={key ?? ""} onDone={setRedemption} onClose={close} />}
      {open === "reverse" && <ReverseDialog known={redemption ?? ""} onDone={() => setRedemption(undefined)} onClose={close} />}
      {open === "change" && <ChangeVoucher voucher={voucher} onClose={close} />}
      {open === "release" && <ReleaseDialog voucher={voucher} releaseKey={key ?? ""} onClose={close} />}
    </div>
  );
}
