// Gives credits or takes them: outright, or as a purchase by the earning rules.

import { useState } from "react";

import type { InputOf, OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useRehearsal, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { SelectField, TextField } from "~/ui/field";
import { Answer, Notice } from "~/ui/page";
import { Effect } from "~/ui/show";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { contactWords } from "~/words/contact";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import type { Contact } from "./contact";

type Extra = OutputOf<"list_loyalty_transaction_attributes">["attributes"][number];
type Kind = "give" | "take" | "purchase";

export function CreditDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const shops = useRead("list_shops", {});
  const extras = useRead("list_loyalty_transaction_attributes", {});
  const units = useRead("list_units", {});
  const w = useWords(contactWords);
  if (shops.data && extras.data && units.data) {
    return <Form contact={contact} shops={shops.data.shops} extras={extras.data.attributes} units={units.data.units} onClose={onClose} />;
  }
  const waiting = shops.data ? (extras.data ? units : extras) : shops;
  return (
    <FormDialog title={w.giveOrTake} action={w.give} disabled onClose={onClose} onSubmit={onClose}>
      <Answer of={waiting}>{() => null}</Answer>
    </FormDialog>
  );
}

function Form({ contact, shops, extras, units, onClose }: {
  contact: Contact; shops: OutputOf<"list_shops">["shops"]; extras: Extra[]; units: OutputOf<"list_units">["units"]; onClose: () => void;
}) {
  const w = useWords(contactWords);
  const c = useWords(common);
  const f = useFormats();
  const [kind, setKind] = useState<Kind>("give");
  const [amount, setAmount] = useState("");
  const [shop, setShop] = useState(shops[0]?.uuid ?? "");
  const [unit, setUnit] = useState((units.find((one) => one.is_default) ?? units[0])?.name ?? "");
  const [values, setValues] = useState<Record<string, string>>({});
  const write = useWrite("create_credit_reception", {
    onDone: (made) => {
      tell(made.credits < 0 ? w.takenDone(f.number(-made.credits)) : w.givenDone(f.number(made.credits)));
      onClose();
    },
  });
  const rehearsal = useRehearsal("create_credit_reception");
  const change = (act: () => void) => {
    act();
    rehearsal.reset();
    write.reset();
  };

  // What is no number goes as it is: the server says so at the field.
  const typed = amount.trim().replace(",", ".");
  const number = typed !== "" && Number.isFinite(Number(typed)) ? Number(typed) : (typed as unknown as number);
  const input: InputOf<"create_credit_reception"> = {
    shop_uuid: shop, contact_uuid: contact.uuid,
    ...(kind === "purchase" ? { unit_value: number, unit_name: unit } : { credits: kind === "take" && typeof number === "number" ? -number : number }),
    ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "")),
  };
  const error = write.error ?? rehearsal.error;
  const field = kind === "purchase" ? "unit_value" : "credits";
  const shown = [field, "shop_uuid", "unit_name", ...extras.map((one) => one.name)];
  const kinds: [Kind, string][] = [["give", w.give], ["take", w.take], ["purchase", w.purchase]];
  return (
    <FormDialog title={w.giveOrTake} action={kind === "take" ? w.take : kind === "give" ? w.give : w.book} busy={write.isPending} disabled={typed === ""}
                problems={otherProblems(error, shown)} onClose={onClose} onSubmit={() => write.mutate(input)}>
      <fieldset>
        <legend className="sr-only">{w.whatToDo}</legend>
        <div className="grid grid-cols-3 rounded-lg border border-edge/60 bg-paper p-0.5">
          {kinds.map(([name, label]) => (
            <label key={name} className="cursor-pointer rounded-md px-2 py-1.5 text-center text-sm font-medium text-soft hover:text-ink has-checked:bg-blush has-checked:text-pink has-focus-visible:outline-2 has-focus-visible:outline-pink">
              <input type="radio" name="kind" className="sr-only" checked={kind === name} onChange={() => change(() => setKind(name))} />{label}
            </label>
          ))}
        </div>
      </fieldset>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={kind === "purchase" ? w.amountSpent : w.creditsCount} value={amount} inputMode="decimal" autoComplete="off" autoFocus
                   hint={kind === "purchase" ? w.purchaseHint : w.balanceNow(f.number(contact.credit_balance.balance))}
                   onChange={(event) => change(() => setAmount(event.target.value))} problem={problemOf(error, field)} />
        <SelectField label={w.shop} value={shop} onChange={(event) => change(() => setShop(event.target.value))} problem={problemOf(error, "shop_uuid")}>
          {shops.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
        </SelectField>
        {kind === "purchase" && units.length > 1 && (
          <SelectField label={w.unit} value={unit} onChange={(event) => change(() => setUnit(event.target.value))} problem={problemOf(error, "unit_name")}>
            {units.map((one) => <option key={one.name} value={one.name}>{one.label}</option>)}
          </SelectField>
        )}
        {extras.map((one) => (
          <ExtraField key={one.name} extra={one} value={values[one.name] ?? ""} problem={problemOf(error, one.name)}
                      onChange={(value) => change(() => setValues({ ...values, [one.name]: value }))} />
        ))}
      </div>
      {extras.length === 0 && <ReasonField />}
      <div><Button small icon="info" busy={rehearsal.isPending} disabled={typed === ""} onClick={() => rehearsal.mutate(input)}>{c.tryFirst}</Button></div>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
    </FormDialog>
  );
}

function ExtraField({ extra, value, onChange, problem }: { extra: Extra; value: string; onChange: (value: string) => void; problem: string | undefined }) {
  const w = useWords(contactWords);
  const options = extra.type === "boolean" ? [{ value: "true", label: w.yes }, { value: "false", label: w.no }] : extra.options;
  if (extra.type === "boolean" || extra.type === "select") {
    return (
      <SelectField label={extra.label} optional value={value} problem={problem} onChange={(event) => onChange(event.target.value)}>
        <option value="">–</option>
        {options.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
      </SelectField>
    );
  }
  return <TextField label={extra.label} optional placeholder={extra.placeholder} value={value} problem={problem} autoComplete="off" onChange={(event) => onChange(event.target.value)} />;
}

/** A reason is kept as an attribute of the transaction; where the shop has none yet, it can be made here. */
function ReasonField() {
  const w = useWords(contactWords);
  const make = useWrite("create_loyalty_transaction_attribute");
  return (
    <Notice action={<Button small busy={make.isPending} onClick={() => make.mutate({ name: "reason", label: w.reason, data_type: "text" })}>{w.addReason}</Button>}>
      {w.noReason}
      {otherProblems(make.error, []).map((one) => <p key={one} className="font-medium text-bad">{one}</p>)}
    </Notice>
  );
}
