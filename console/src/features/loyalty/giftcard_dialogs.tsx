// What is done with one gift card.

import { useState } from "react";

import { otherProblems, problemOf, useRead, useRehearsal, useWrite } from "~/api/hooks";
import type { FoundContact } from "~/features/contact/contact";
import { ContactPicker } from "~/features/contact/search";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { SelectField, TextArea, TextField } from "~/ui/field";
import { Notice } from "~/ui/page";
import { Effect } from "~/ui/show";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { giftcardWords } from "~/words/giftcard";
import { useWords } from "~/words/words";
import { centsOf, type Giftcard } from "./giftcard";

export function MoveMoney({ card, currency, pays, onClose }: { card: Giftcard; currency: string; pays: boolean; onClose: () => void }) {
  const w = useWords(giftcardWords);
  const c = useWords(common);
  const f = useFormats();
  const shops = useRead("list_shops", {});
  const [shop, setShop] = useState("");
  const [amount, setAmount] = useState("");
  const move = useWrite("create_giftcard_transaction", { onDone: () => { tell(pays ? w.paid : w.toppedUp); onClose(); } });
  const rehearsal = useRehearsal("create_giftcard_transaction");
  const error = move.error ?? rehearsal.error;
  const cents = centsOf(amount);
  const input = {
    giftcard_uuid: card.uuid, shop_uuid: shop || shops.data?.shops[0]?.uuid || null,
    // A sign that was typed would turn one into the other.
    amount_in_cents: typeof cents === "number" ? (pays ? -Math.abs(cents) : Math.abs(cents)) : (cents ?? ("" as unknown as number)),
  };
  const changed = () => { move.reset(); rehearsal.reset(); };
  return (
    <FormDialog title={pays ? w.payTitle(card.hash) : w.topUpTitle(card.hash)} action={pays ? w.pay : w.topUp} busy={move.isPending} onClose={onClose}
                problems={otherProblems(error, ["shop_uuid", "amount_in_cents"])} onSubmit={() => move.mutate(input)}>
      <p className="text-soft">{w.onIt(f.money(card.amount_in_cents, currency))}</p>
      <TextField label={`${w.amount} (${currency})`} inputMode="decimal" autoFocus autoComplete="off" value={amount} onChange={(event) => { changed(); setAmount(event.target.value); }} problem={problemOf(error, "amount_in_cents")} />
      <SelectField label={w.shop} value={shop} onChange={(event) => { changed(); setShop(event.target.value); }} problem={problemOf(error, "shop_uuid")}>
        {shops.data?.shops.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
      </SelectField>
      <div><Button small icon="info" busy={rehearsal.isPending} onClick={() => rehearsal.mutate(input)}>{c.tryFirst}</Button></div>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
    </FormDialog>
  );
}

export function ReverseNewest({ uuid, onClose }: { uuid: string; onClose: () => void }) {
  const w = useWords(giftcardWords);
  const c = useWords(common);
  const reverse = useWrite("reverse_giftcard_transaction", { onDone: () => { tell(w.reversed); onClose(); } });
  const rehearsal = useRehearsal("reverse_giftcard_transaction");
  return (
    <FormDialog title={w.reverseTitle} action={w.reverse} danger busy={reverse.isPending} onClose={onClose}
                problems={otherProblems(reverse.error ?? rehearsal.error, [])} onSubmit={() => reverse.mutate({ uuid })}>
      <Notice tone="warn">{w.reverseAbout}</Notice>
      <div><Button small icon="info" busy={rehearsal.isPending} onClick={() => rehearsal.mutate({ uuid })}>{c.tryFirst}</Button></div>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
    </FormDialog>
  );
}

export function MailCard({ card, onClose }: { card: Giftcard; onClose: () => void }) {
  const w = useWords(giftcardWords);
  const [contact, setContact] = useState<FoundContact | null>(null);
  const [message, setMessage] = useState("");
  const send = useWrite("send_giftcard_by_email", { onDone: () => { tell(w.mailed); onClose(); } });
  const to = card.contact?.uuid ?? contact?.uuid;
  return (
    <FormDialog title={w.mail} action={w.send} busy={send.isPending} disabled={!to} onClose={onClose} problems={otherProblems(send.error, ["contact_uuid", "merge_tags"])}
                onSubmit={() => send.mutate({ uuid: card.uuid, contact_uuid: to!, ...(message.trim() ? { merge_tags: { "custom.message": message } } : {}) })}>
      <p className="text-soft">{w.mailAbout}</p>
      {card.contact
        ? <p><span className="block text-sm font-medium">{w.mailTo}</span>{card.contact.email}</p>
        : <ContactPicker label={w.mailTo} chosen={contact} onChoose={setContact} problem={problemOf(send.error, "contact_uuid")} />}
      <TextArea label={w.message} optional rows={3} value={message} onChange={(event) => setMessage(event.target.value)} problem={problemOf(send.error, "merge_tags")} />
    </FormDialog>
  );
}
