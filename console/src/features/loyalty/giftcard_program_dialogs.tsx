// Making and changing a gift card program, and issuing its cards.

import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { otherProblems, problemOf, useRead, useRehearsal, useWrite } from "~/api/hooks";
import type { FoundContact } from "~/features/contact/contact";
import { ContactPicker } from "~/features/contact/search";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { CheckField, SelectField, TextField } from "~/ui/field";
import { Notice } from "~/ui/page";
import { Effect } from "~/ui/show";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { giftcardWords } from "~/words/giftcard";
import { useWords } from "~/words/words";
import { centsOf, type Giftcard, type Program } from "./giftcard";
import { numberOf } from "./number";

const shown = ["name", "expiration_days", "min_amount_in_cents", "max_amount_in_cents"];

export function NewProgram({ onClose }: { onClose: () => void }) {
  const w = useWords(giftcardWords);
  const c = useWords(common);
  const navigate = useNavigate();
  const [text, setText] = useState({ name: "", days: "", least: "", most: "" });
  const [reloadable, setReloadable] = useState(false);
  const create = useWrite("create_giftcard_program", { onDone: ({ uuid }) => { tell(w.programMade); void navigate({ to: `/loyalty/giftcards/${uuid}` }); } });
  const field = (name: keyof typeof text) => ({ value: text[name], onChange: (event: { target: { value: string } }) => setText({ ...text, [name]: event.target.value }) });
  const send = () => create.mutate({
    name: text.name, reloadable,
    ...(text.days.trim() ? { expiration_days: numberOf(text.days)! } : {}),
    ...(text.least.trim() ? { min_amount_in_cents: centsOf(text.least)! } : {}),
    ...(text.most.trim() ? { max_amount_in_cents: centsOf(text.most)! } : {}),
  });
  return (
    <FormDialog title={w.newProgram} action={c.create} busy={create.isPending} onClose={onClose} problems={otherProblems(create.error, shown)} onSubmit={send}>
      <TextField label={c.name} autoFocus {...field("name")} problem={problemOf(create.error, "name")} />
      <TextField label={w.goodDays} hint={w.goodDaysHint} optional inputMode="numeric" {...field("days")} problem={problemOf(create.error, "expiration_days")} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={w.least} optional inputMode="decimal" {...field("least")} problem={problemOf(create.error, "min_amount_in_cents")} />
        <TextField label={w.most} optional inputMode="decimal" {...field("most")} problem={problemOf(create.error, "max_amount_in_cents")} />
      </div>
      <CheckField label={w.reloadable} hint={w.reloadableHint} checked={reloadable} onChange={(event) => setReloadable(event.target.checked)} />
      <Notice tone="warn">{w.programFinal}</Notice>
    </FormDialog>
  );
}

export function EditProgram({ program, onClose }: { program: Program; onClose: () => void }) {
  const w = useWords(giftcardWords);
  const c = useWords(common);
  const [name, setName] = useState(program.name);
  const [active, setActive] = useState(program.active);
  const update = useWrite("update_giftcard_program", { onDone: () => { tell(c.saved); onClose(); } });
  return (
    <FormDialog title={w.editProgram} action={c.save} busy={update.isPending} onClose={onClose} problems={otherProblems(update.error, ["name"])}
                onSubmit={() => update.mutate({ giftcard_program_uuid: program.uuid, name, active })}>
      <TextField label={c.name} autoFocus value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(update.error, "name")} />
      <CheckField label={w.givesOut} hint={w.givesOutHint} checked={active} onChange={(event) => setActive(event.target.checked)} />
    </FormDialog>
  );
}

export function IssueCards({ program, currency, onMade, onClose }: { program: Program; currency: string; onMade: (cards: Giftcard[]) => void; onClose: () => void }) {
  const w = useWords(giftcardWords);
  const c = useWords(common);
  const f = useFormats();
  const shops = useRead("list_shops", {});
  const [quantity, setQuantity] = useState("1");
  const [amount, setAmount] = useState("");
  const [kind, setKind] = useState<"DIGITAL" | "PHYSICAL">("DIGITAL");
  const [shop, setShop] = useState("");
  const [contact, setContact] = useState<FoundContact | null>(null);
  const issue = useWrite("issue_giftcards", { onDone: ({ giftcards }) => { tell(w.issued(f.number(giftcards.length), giftcards.length)); onMade(giftcards); } });
  const rehearsal = useRehearsal("issue_giftcards");
  const error = issue.error ?? rehearsal.error;
  const cents = centsOf(amount);
  const input = {
    giftcard_program_uuid: program.uuid, quantity: numberOf(quantity) ?? ("" as unknown as number), type: kind,
    ...(cents === undefined ? {} : { amount_in_cents: cents, shop_uuid: shop || shops.data?.shops[0]?.uuid || null }),
    ...(contact ? { contact_uuid: contact.uuid } : {}),
  };
  const changed = () => { issue.reset(); rehearsal.reset(); };
  return (
    <FormDialog title={w.issue} action={w.makeThem} busy={issue.isPending} onClose={onClose}
                problems={otherProblems(error, ["quantity", "amount_in_cents", "shop_uuid", "contact_uuid"])} onSubmit={() => issue.mutate(input)}>
      <p className="text-soft">{w.issueAbout}</p>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={w.howMany} hint={w.howManyHint} inputMode="numeric" autoFocus value={quantity} onChange={(event) => { changed(); setQuantity(event.target.value); }} problem={problemOf(error, "quantity")} />
        <SelectField label={w.kind} value={kind} onChange={(event) => setKind(event.target.value as typeof kind)}>
          <option value="DIGITAL">{w.kinds.DIGITAL}</option>
          <option value="PHYSICAL">{w.kinds.PHYSICAL}</option>
        </SelectField>
        <TextField label={`${w.amountEach} (${currency})`} hint={w.amountHint} optional inputMode="decimal" value={amount} onChange={(event) => { changed(); setAmount(event.target.value); }} problem={problemOf(error, "amount_in_cents")} />
        <SelectField label={w.shop} value={shop} onChange={(event) => { changed(); setShop(event.target.value); }} problem={problemOf(error, "shop_uuid")}>
          {shops.data?.shops.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
        </SelectField>
      </div>
      <ContactPicker label={w.forWhom} optional hint={w.forWhomHint} chosen={contact} onChoose={setContact} problem={problemOf(error, "contact_uuid")} />
      <div><Button small icon="info" busy={rehearsal.isPending} onClick={() => rehearsal.mutate(input)}>{c.tryFirst}</Button></div>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
    </FormDialog>
  );
}
