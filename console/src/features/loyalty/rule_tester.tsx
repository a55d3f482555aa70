// "This order would earn …, because …": the server says what each rule gives, and why others do not.

import { useState } from "react";

import type { InputOf, OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { join } from "~/ui/class";
import { Problems, SelectField, TextField } from "~/ui/field";
import { Icon } from "~/ui/icon";
import { Card } from "~/ui/page";
import { useFormats } from "~/words/format";
import { loyaltyWords } from "~/words/loyalty";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import type { FoundContact } from "~/features/contact/contact";
import { ContactPicker } from "~/features/contact/search";
import { numberOf } from "./number";

export function RuleTester() {
  const w = useWords(loyaltyWords);
  const shops = useRead("list_shops", {});
  const units = useRead("list_units", {});
  const [value, setValue] = useState("");
  const [shop, setShop] = useState("");
  const [unit, setUnit] = useState("");
  const [contact, setContact] = useState<FoundContact | null>(null);
  const [asked, setAsked] = useState<InputOf<"explain_earning"> | null>(null);
  const answer = useRead("explain_earning", asked ?? {}, { enabled: asked !== null, keep: true });
  const ask = () => setAsked({
    shop_uuid: shop || shops.data?.shops[0]?.uuid || null, unit_value: numberOf(value) ?? null,
    ...(unit ? { unit_name: unit } : {}), ...(contact ? { contact_uuid: contact.uuid } : {}),
  });
  return (
    <Card title={w.tester} about={w.testerAbout}>
      <form noValidate className="flex flex-col gap-4" onSubmit={(event) => { event.preventDefault(); ask(); }}>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField label={w.orderValue} value={value} inputMode="decimal" autoComplete="off" placeholder={w.orderExample} onChange={(event) => setValue(event.target.value)} problem={problemOf(answer.error, "unit_value")} />
          <SelectField label={w.shop} value={shop} onChange={(event) => setShop(event.target.value)} problem={problemOf(answer.error, "shop_uuid")}>
            {shops.data?.shops.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
          </SelectField>
          {(units.data?.units.length ?? 0) > 1 && (
            <SelectField label={w.unit} value={unit} onChange={(event) => setUnit(event.target.value)}>
              <option value="">{w.defaultUnit}</option>
              {units.data?.units.map((one) => <option key={one.name} value={one.name}>{one.label}</option>)}
            </SelectField>
          )}
        </div>
        <ContactPicker label={w.forWhom} optional hint={w.forWhomHint} chosen={contact} onChoose={setContact} />
        <Problems of={otherProblems(answer.error, ["unit_value", "shop_uuid"])} />
        <Button type="submit" look="primary" busy={answer.isFetching} disabled={value.trim() === ""}>{w.tryOrder}</Button>
      </form>
      {answer.data && !answer.error && <Explained of={answer.data} />}
    </Card>
  );
}

function Explained({ of }: { of: OutputOf<"explain_earning"> }) {
  const w = useWords(loyaltyWords);
  const f = useFormats();
  return (
    <div role="status" className="mt-5 rounded-xl border border-line">
      <p className="px-4 pt-3 text-lg font-semibold">{w.wouldEarn(f.number(of.credits))}</p>
      <p className="px-4 pb-2 text-sm text-soft">{of.tier ? w.multiplied(of.tier, f.number(of.multiplier)) : w.noTier}</p>
      {of.rules.length === 0 && <p className="px-4 pb-3 text-sm">{w.noRuleOfUnit}</p>}
      <ul className="divide-y divide-line border-t border-line">
        {of.rules.map((rule) => (
          <li key={rule.uuid} className="flex items-start gap-3 px-4 py-2.5">
            <Icon name={rule.fired ? "check" : "close"} className={join("mt-0.5 size-5", rule.fired ? "text-good" : "text-soft")} />
            <span className="min-w-0 grow">
              <span className="block font-medium">{rule.name}</span>
              {rule.why_not && <span className="block text-sm text-soft">{serverIn().say(rule.why_not)}</span>}
            </span>
            {rule.credits !== null && <span className="font-semibold whitespace-nowrap tabular-nums">+{f.number(Number(rule.credits))}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
