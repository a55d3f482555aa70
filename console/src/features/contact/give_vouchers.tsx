import { useState } from "react";

import { otherProblems, problemOf, useRead, useRehearsal, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { SelectField, TextField } from "~/ui/field";
import { Answer, Notice } from "~/ui/page";
import { Effect } from "~/ui/show";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { contactWords } from "~/words/contact";
import { useWords } from "~/words/words";
import type { Contact } from "./contact";

export function GiveVouchers({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const w = useWords(contactWords);
  const c = useWords(common);
  const promotions = useRead("list_promotions", { limit: 100 });
  const [promotion, setPromotion] = useState("");
  const [quantity, setQuantity] = useState("1");
  const [expires, setExpires] = useState("");
  const one = useWrite("create_voucher", { onDone: (made) => { tell(w.voucherMade(made.code)); onClose(); } });
  const many = useWrite("create_vouchers_batch", { onDone: (made) => { tell(w.vouchersComing(String(made.quantity))); onClose(); } });
  const tryOne = useRehearsal("create_voucher");
  const tryMany = useRehearsal("create_vouchers_batch");
  const uuid = promotion || promotions.data?.promotions[0]?.uuid || "";
  const batch = quantity.trim() !== "1";
  const shared = { promotion_uuid: uuid, contact_uuid: contact.uuid, ...(expires ? { expiration_date: new Date(`${expires}T23:59:59`).toISOString() } : {}) };
  const number = Number.isInteger(Number(quantity)) && quantity.trim() !== "" ? Number(quantity) : (quantity as unknown as number);
  const reset = () => [one, many, tryOne, tryMany].forEach((each) => each.reset());
  const rehearsed = batch ? tryMany : tryOne;
  const error = batch ? many.error ?? tryMany.error : one.error ?? tryOne.error;
  return (
    <FormDialog title={w.giveVouchers} action={w.giveThem} busy={one.isPending || many.isPending} disabled={uuid === ""} onClose={onClose}
                problems={otherProblems(error, ["promotion_uuid", "quantity", "expiration_date"])}
                onSubmit={() => (batch ? many.mutate({ ...shared, quantity: number }) : one.mutate(shared))}>
      <Answer of={promotions}>
        {({ promotions: all }) => all.length === 0
          ? <Notice tone="warn">{w.noPromotions}</Notice>
          : (
            <>
              <SelectField label={w.promotion} value={uuid} onChange={(event) => { reset(); setPromotion(event.target.value); }} problem={problemOf(error, "promotion_uuid")}>
                {all.map((each) => <option key={each.uuid} value={each.uuid}>{each.name}</option>)}
              </SelectField>
              <div className="grid gap-4 sm:grid-cols-2">
                <TextField label={w.howMany} value={quantity} inputMode="numeric" onChange={(event) => { reset(); setQuantity(event.target.value); }} problem={problemOf(error, "quantity")} />
                <TextField label={w.goodUntil} optional type="date" value={expires} onChange={(event) => { reset(); setExpires(event.target.value); }} problem={problemOf(error, "expiration_date")} />
              </div>
              <div>
                <Button small icon="info" busy={rehearsed.isPending} onClick={() => (batch ? tryMany.mutate({ ...shared, quantity: number }) : tryOne.mutate(shared))}>{c.tryFirst}</Button>
              </div>
              {rehearsed.data && <Effect lines={rehearsed.data.effect} />}
            </>
          )}
      </Answer>
    </FormDialog>
  );
}
