import { useState } from "react";

import { otherProblems, problemOf, useRead, useRehearsal, useWrite } from "~/api/hooks";
import type { FoundContact } from "~/features/contact/contact";
import { ContactPicker } from "~/features/contact/search";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { SelectField, TextField } from "~/ui/field";
import { Notice } from "~/ui/page";
import { Effect } from "~/ui/show";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { useWords } from "~/words/words";
import { voucherWords } from "~/words/voucher";
import { fromLocal, numberOf, toLocal } from "./number";
import type { Voucher } from "./voucher";

export function RedeemDialog({ voucher, releaseKey, onDone, onClose }: {
  voucher: Voucher; releaseKey: string; onDone: (redemption: string) => void; onClose: () => void;
}) {
  const w = useWords(voucherWords);
  const c = useWords(common);
  const shops = useRead("list_shops", {});
  const [shop, setShop] = useState("");
  const [contact, setContact] = useState<FoundContact | null>(null);
  const [key, setKey] = useState(releaseKey);
  const [times, setTimes] = useState("1");
  const many = voucher.redemptions_remaining > 1;
  const shared = {
    code: voucher.code, shop_uuid: shop || shops.data?.shops[0]?.uuid || null, contact_uuid: voucher.contact?.uuid ?? contact?.uuid ?? null,
    ...(key ? { release_key: key } : {}),
  };
  const done = (redemption: string | undefined) => {
    tell(w.redeemed);
    if (redemption) onDone(redemption);
    onClose();
  };
  const once = useWrite("redeem_voucher", { onDone: (now) => done(now.voucher_redemption?.uuid) });
  const several = useWrite("redeem_voucher_times", { onDone: (now) => done(now.voucher_redemptions.at(-1)?.uuid) });
  const tryOnce = useRehearsal("redeem_voucher");
  const trySeveral = useRehearsal("redeem_voucher_times");
  const input = { ...shared, number_of_times: numberOf(times) ?? 1 };
  const error = many ? several.error ?? trySeveral.error : once.error ?? tryOnce.error;
  const rehearsed = many ? trySeveral.data : tryOnce.data;
  return (
    <FormDialog title={w.redeemTitle(voucher.code)} action={w.redeem} busy={once.isPending || several.isPending} onClose={onClose}
                problems={otherProblems(error, ["shop_uuid", "contact_uuid", "release_key", "number_of_times"])}
                onSubmit={() => (many ? several.mutate(input) : once.mutate(shared))}>
      <SelectField label={w.shop} value={shop} onChange={(event) => setShop(event.target.value)} problem={problemOf(error, "shop_uuid")}>
        {shops.data?.shops.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
      </SelectField>
      {voucher.contact
        ? <p>{w.redeemFor(voucher.contact.email)}</p>
        : <ContactPicker label={w.forWhom} chosen={contact} onChoose={setContact} problem={problemOf(error, "contact_uuid")} />}
      {many && <TextField label={w.howOften} inputMode="numeric" value={times} onChange={(event) => setTimes(event.target.value)} problem={problemOf(error, "number_of_times")} />}
      {voucher.status === "LOCKED" && <TextField label={w.releaseKey} value={key} className="font-mono" onChange={(event) => setKey(event.target.value)} problem={problemOf(error, "release_key")} />}
      <div><Button small icon="info" busy={tryOnce.isPending || trySeveral.isPending} onClick={() => (many ? trySeveral.mutate(input) : tryOnce.mutate(shared))}>{c.tryFirst}</Button></div>
      {rehearsed && <Effect lines={rehearsed.effect} />}
    </FormDialog>
  );
}

export function ReverseDialog({ known, onDone, onClose }: { known: string; onDone: () => void; onClose: () => void }) {
  const w = useWords(voucherWords);
  const [uuid, setUuid] = useState(known);
  const reverse = useWrite("reverse_voucher_redemption", { onDone: () => { tell(w.reversed); onDone(); onClose(); } });
  return (
    <FormDialog title={w.reverse} action={w.reverse} danger busy={reverse.isPending} disabled={uuid.trim() === ""} onClose={onClose} problems={otherProblems(reverse.error, ["voucher_redemption_uuid"])}
                onSubmit={() => reverse.mutate({ voucher_redemption_uuid: uuid.trim() })}>
      <TextField label={w.redemption} hint={w.redemptionHint} value={uuid} className="font-mono" spellCheck={false} onChange={(event) => setUuid(event.target.value)} problem={problemOf(reverse.error, "voucher_redemption_uuid")} />
      <Notice tone="warn">{w.reverseAbout}</Notice>
    </FormDialog>
  );
}

export function ReleaseDialog({ voucher, releaseKey, onClose }: { voucher: Voucher; releaseKey: string; onClose: () => void }) {
  const w = useWords(voucherWords);
  const [key, setKey] = useState(releaseKey);
  const release = useWrite("release_voucher", { onDone: () => { tell(w.released); onClose(); } });
  return (
    <FormDialog title={w.release} action={w.release} busy={release.isPending} onClose={onClose} problems={otherProblems(release.error, ["release_key"])}
                onSubmit={() => release.mutate({ uuid: voucher.uuid, release_key: key.trim() })}>
      <TextField label={w.releaseKey} hint={w.releaseHint} value={key} className="font-mono" spellCheck={false} autoFocus onChange={(event) => setKey(event.target.value)} problem={problemOf(release.error, "release_key")} />
    </FormDialog>
  );
}

export function ChangeVoucher({ voucher, onClose }: { voucher: Voucher; onClose: () => void }) {
  const w = useWords(voucherWords);
  const c = useWords(common);
  const [expires, setExpires] = useState(toLocal(voucher.expiration_date));
  const update = useWrite("update_voucher", { onDone: () => { tell(c.saved); onClose(); } });
  return (
    <FormDialog title={w.changeExpiry} action={c.save} busy={update.isPending} disabled={expires === ""} onClose={onClose} problems={otherProblems(update.error, ["expiration_date"])}
                onSubmit={() => update.mutate({ uuid: voucher.uuid, expiration_date: fromLocal(expires)! })}>
      <TextField label={w.goodUntil} type="datetime-local" value={expires} onChange={(event) => setExpires(event.target.value)} problem={problemOf(update.error, "expiration_date")} />
    </FormDialog>
  );
}
