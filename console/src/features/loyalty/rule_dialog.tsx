import { useState } from "react";

import { otherProblems, problemOf, useRead, useRehearsal, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { CheckField, SelectField, TextField } from "~/ui/field";
import { Notice } from "~/ui/page";
import { Effect } from "~/ui/show";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { loyaltyWords } from "~/words/loyalty";
import { useWords } from "~/words/words";
import { fromLocal, numberOf, toLocal } from "./number";
import type { Rule } from "./rules";

const shown = ["name", "credits_per_unit", "minimum_value", "rounding", "shop_uuid", "tier_uuid", "unit_name", "starts_at", "ends_at"];
const roundings = ["down", "nearest", "up"] as const;

/** Makes a rule or changes one; what it counts, where and for whom stays as it was made. */
export function RuleDialog({ rule, onClose }: { rule: Rule | null; onClose: () => void }) {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const shops = useRead("list_shops", {});
  const tiers = useRead("list_tiers", {});
  const units = useRead("list_units", {});
  const [name, setName] = useState(rule?.name ?? "");
  const [credits, setCredits] = useState(rule ? String(rule.credits_per_unit) : "");
  const [minimum, setMinimum] = useState(rule ? String(rule.minimum_value) : "");
  const [rounding, setRounding] = useState<Rule["rounding"]>(rule?.rounding ?? "down");
  const [starts, setStarts] = useState(toLocal(rule?.starts_at ?? null));
  const [ends, setEnds] = useState(toLocal(rule?.ends_at ?? null));
  const [active, setActive] = useState(rule?.active ?? true);
  const [unit, setUnit] = useState("");
  const [shop, setShop] = useState("");
  const [tier, setTier] = useState("");
  const done = () => { tell(c.saved); onClose(); };
  const create = useWrite("create_earning_rule", { onDone: done });
  const update = useWrite("update_earning_rule", { onDone: done });
  const tryCreate = useRehearsal("create_earning_rule");
  const tryUpdate = useRehearsal("update_earning_rule");

  const shared = {
    name, credits_per_unit: numberOf(credits) ?? ("" as unknown as number), minimum_value: numberOf(minimum) ?? 0, rounding, active,
    ...(fromLocal(starts) ? { starts_at: fromLocal(starts)! } : {}), ...(fromLocal(ends) ? { ends_at: fromLocal(ends)! } : {}),
  };
  const made = { ...shared, ...(unit ? { unit_name: unit } : {}), ...(shop ? { shop_uuid: shop } : {}), ...(tier ? { tier_uuid: tier } : {}) };
  const changed = rule && { ...shared, earning_rule_uuid: rule.uuid };
  const error = rule ? update.error ?? tryUpdate.error : create.error ?? tryCreate.error;
  const rehearsed = rule ? tryUpdate.data : tryCreate.data;
  return (
    <FormDialog title={rule ? w.editRule : w.newRule} action={c.save} wide busy={create.isPending || update.isPending} onClose={onClose} problems={otherProblems(error, shown)}
                onSubmit={() => (changed ? update.mutate(changed) : create.mutate(made))}>
      <TextField label={c.name} value={name} autoFocus onChange={(event) => setName(event.target.value)} problem={problemOf(error, "name")} />
      <div className="grid gap-4 sm:grid-cols-3">
        <TextField label={w.creditsPerUnit} hint={w.creditsPerUnitHint} inputMode="decimal" value={credits} onChange={(event) => setCredits(event.target.value)} problem={problemOf(error, "credits_per_unit")} />
        <TextField label={w.minimum} hint={w.minimumHint} optional inputMode="decimal" value={minimum} onChange={(event) => setMinimum(event.target.value)} problem={problemOf(error, "minimum_value")} />
        <SelectField label={w.rounding} value={rounding} onChange={(event) => setRounding(event.target.value as Rule["rounding"])} problem={problemOf(error, "rounding")}>
          {roundings.map((one) => <option key={one} value={one}>{w.roundings[one]}</option>)}
        </SelectField>
        {!rule && (
          <>
            <SelectField label={w.unit} value={unit} onChange={(event) => setUnit(event.target.value)} problem={problemOf(error, "unit_name")}>
              <option value="">{w.defaultUnit}</option>
              {units.data?.units.map((one) => <option key={one.name} value={one.name}>{one.label}</option>)}
            </SelectField>
            <SelectField label={w.shop} value={shop} onChange={(event) => setShop(event.target.value)} problem={problemOf(error, "shop_uuid")}>
              <option value="">{w.everyShop}</option>
              {shops.data?.shops.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
            </SelectField>
            <SelectField label={w.tier} value={tier} onChange={(event) => setTier(event.target.value)} problem={problemOf(error, "tier_uuid")}>
              <option value="">{w.everyTier}</option>
              {tiers.data?.tiers.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
            </SelectField>
          </>
        )}
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={w.startsAt} optional type="datetime-local" value={starts} onChange={(event) => setStarts(event.target.value)} problem={problemOf(error, "starts_at")} />
        <TextField label={w.endsAt} optional type="datetime-local" value={ends} onChange={(event) => setEnds(event.target.value)} problem={problemOf(error, "ends_at")} />
      </div>
      <CheckField label={w.switchedOn} checked={active} onChange={(event) => setActive(event.target.checked)} />
      <Notice>{rule ? w.ruleCounts : w.ruleAdds}</Notice>
      <div><Button small icon="info" busy={tryCreate.isPending || tryUpdate.isPending} onClick={() => (changed ? tryUpdate.mutate(changed) : tryCreate.mutate(made))}>{c.tryFirst}</Button></div>
      {rehearsed && <Effect lines={rehearsed.effect} />}
    </FormDialog>
  );
}
