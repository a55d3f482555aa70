// What a condition compares with, by the kind of its field and its test.

import { useState } from "react";

import { useRead, type ReadOptions } from "~/api/hooks";
import { join } from "~/ui/class";
import { readable } from "~/words/readable";
import { segment } from "~/words/segment";
import { useWords } from "~/words/words";
import { control } from "./control";
import { wordsOf, type Data, type Family } from "./condition_model";

interface Attribute {
  name: string;
  options: { value: string; label: string }[];
}
interface ValueProps {
  leaf: Data;
  field: string;
  family: Family;
  test: string;
  attributes: Attribute[];
  set: (next: Data) => void;
  bad: boolean;
}

export function ConditionValue({ leaf, field, family, test, attributes, set, bad }: ValueProps) {
  const w = useWords(segment);
  const options = useOptions(field, attributes);
  if (test === "is_set" || test === "is_not_set") return null;
  const value = leaf["value"];
  const invalid = bad ? { "aria-invalid": true as const } : {};
  if (family === "flag") {
    return (
      <select aria-label={w.value} {...invalid} className={control} value={String(value)} onChange={(event) => set({ value: event.target.value === "true" })}>
        <option value="true">{w.isTrue}</option>
        <option value="false">{w.isFalse}</option>
      </select>
    );
  }
  const many = family === "several" || test === "in" || test === "not_in";
  if (options && many) return <Several options={options} value={Array.isArray(value) ? value.map(String) : value === "" || value === undefined ? [] : [String(value)]} onChange={(next) => set({ value: next })} />;
  if (options) {
    return (
      <select aria-label={w.value} {...invalid} className={`${control} max-w-full`} value={String(value ?? "")} onChange={(event) => set({ value: event.target.value })}>
        {!options.some((one) => one.value === value) && <option value={String(value ?? "")}>{value ? String(value) : w.choose}</option>}
        {options.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
      </select>
    );
  }
  if (many) return <Words key={field} value={Array.isArray(value) ? value.map(String) : []} bad={bad} onChange={(next) => set({ value: next })} />;
  if (test === "between") {
    const [from, to] = Array.isArray(value) ? value : [value, value];
    return (
      <span className="flex items-center gap-2 text-sm">
        <NumberInput label={w.from} value={from} bad={bad} onChange={(next) => set({ value: [next, to] })} />
        {w.and}
        <NumberInput label={w.to} value={to} bad={bad} onChange={(next) => set({ value: [from, next] })} />
      </span>
    );
  }
  if (test.endsWith("within_days")) return <span className="flex items-center gap-2 text-sm"><NumberInput label={w.days} value={value} bad={bad} onChange={(next) => set({ value: next })} />{w.daysUnit}</span>;
  if (family === "number" || family === "count") return <NumberInput label={w.value} value={value} bad={bad} onChange={(next) => set({ value: next })} />;
  return (
    <input aria-label={w.value} {...invalid} className={join(control, "grow basis-40")} value={String(value ?? "")} type={family === "moment" ? "date" : "text"}
           onChange={(event) => set({ value: event.target.value })} />
  );
}

function NumberInput({ label, value, bad, onChange }: { label: string; value: unknown; bad: boolean; onChange: (value: unknown) => void }) {
  return (
    <input aria-label={label} inputMode="decimal" className={join(control, "w-24 tabular-nums")} value={String(value ?? "")} {...(bad ? { "aria-invalid": true } : {})}
           onChange={(event) => {
             const typed = event.target.value;
             onChange(typed !== "" && String(Number(typed)) === typed ? Number(typed) : typed);
           }} />
  );
}

function Words({ value, bad, onChange }: { value: string[]; bad: boolean; onChange: (value: string[]) => void }) {
  const w = useWords(segment);
  const [text, setText] = useState(value.join(", "));
  return (
    <input aria-label={w.value} className={join(control, "grow basis-48")} placeholder={w.commas} value={text} {...(bad ? { "aria-invalid": true } : {})}
           onChange={(event) => {
             setText(event.target.value);
             onChange(wordsOf(event.target.value));
           }} />
  );
}

function Several({ options, value, onChange }: { options: { value: string; label: string }[]; value: string[]; onChange: (value: string[]) => void }) {
  const w = useWords(segment);
  return (
    <span role="group" aria-label={w.value} className="flex flex-wrap gap-1.5">
      {options.map((one) => {
        const on = value.includes(one.value);
        return (
          <button key={one.value} type="button" aria-pressed={on} onClick={() => onChange(on ? value.filter((other) => other !== one.value) : [...value, one.value])}
                  className={join("rounded-full border px-2.5 py-0.5 text-sm", on ? "border-pink bg-blush text-pink" : "border-edge/60 text-soft hover:bg-sunk")}>
            {one.label}
          </button>
        );
      })}
    </span>
  );
}

const when = (wanted: boolean): ReadOptions => ({ enabled: wanted });

/** What there is to choose from, where that is known. */
function useOptions(field: string, attributes: Attribute[]): { value: string; label: string }[] | null {
  const w = useWords(segment);
  const tiers = useRead("list_tiers", {}, when(field === "tier"));
  const shops = useRead("list_shops", {}, when(field === "shop"));
  const segments = useRead("list_segments", { limit: 100 }, when(field === "segment"));
  const named = (list: { uuid: string; name: string }[] | undefined) => (list ?? []).map((one) => ({ value: one.uuid, label: one.name }));
  if (field === "tier") return named(tiers.data?.tiers);
  if (field === "shop") return named(shops.data?.shops);
  if (field === "segment") return named(segments.data?.segments);
  if (field === "subscription") return (["SUBSCRIBED", "UNSUBSCRIBED", "PENDING_CONFIRMATION"] as const).map((one) => ({ value: one, label: w.statuses[one] }));
  if (field === "lead_temperature") return (["nurture", "warm", "hot"] as const).map((one) => ({ value: one, label: w.temperatures[one] }));
  if (field === "channel") return channels.map((one) => ({ value: one, label: readable(one.toLowerCase()) }));
  const attribute = attributes.find((one) => `attribute.${one.name}` === field);
  return attribute && attribute.options.length > 0 ? attribute.options.map((one) => ({ value: one.value, label: one.label })) : null;
}

const channels = [
  "BUSINESS_APP", "API", "BUSINESS_DASHBOARD", "CUSTOMER_APP", "WEBSHOP_API", "IMPORT", "WEBSITE_FORM", "REGISTER_API", "OAUTH_API", "SUBSCRIPTION_TYPE",
  "CUSTOM_APP", "AUTOMATIONS", "FORMS", "WIDGET",
];

const activities = ["form_submitted", "mail_sent", "mail_opened", "mail_clicked", "mail_bounced", "mail_complained", "unsubscribed", "subscribed", "voucher_redeemed"] as const;

/** What else some fields take: which purpose, which kind of doing, within how many days. `before`: what is read before the test. */
export function Extras({ leaf, set, before = false }: { leaf: Data; set: (next: Data) => void; before?: boolean }) {
  const w = useWords(segment);
  const field = leaf["field"];
  const purposes = useRead("list_subscription_types", {}, when(field === "subscription" && before));
  const promotions = useRead("list_promotions", { limit: 100 }, when(field === "vouchers" && before));
  const choice = (name: string, label: string, options: { value: string; label: string }[], none?: string) => (
    <select aria-label={label} className={`${control} max-w-full`} value={String(Array.isArray(leaf[name]) ? leaf[name][0] : leaf[name] ?? "")}
            onChange={(event) => set({ [name]: event.target.value === "" ? undefined : event.target.value })}>
      {(none !== undefined || leaf[name] === undefined) && <option value="">{none ?? w.choose}</option>}
      {options.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
    </select>
  );
  if (before) {
    if (field === "subscription") return choice("subscription_type", w.purpose, (purposes.data?.types ?? []).map((one) => ({ value: one.uuid, label: one.name })));
    if (field === "activity") return choice("kind", w.kind, activities.map((one) => ({ value: one, label: w.activities[one] })));
    if (field === "vouchers") {
      return (
        <>
          {choice("state", w.voucherState, (["any", "redeemable", "redeemed"] as const).map((one) => ({ value: one, label: w.voucherStates[one] })))}
          {choice("promotion", w.promotion, (promotions.data?.promotions ?? []).map((one) => ({ value: one.uuid, label: one.name })), w.anyPromotion)}
        </>
      );
    }
    if (field === "random") return <input aria-label={w.salt} className={join(control, "w-28")} value={String(leaf["salt"] ?? "")} onChange={(event) => set({ salt: event.target.value })} />;
    return null;
  }
  if (field !== "activity" && field !== "visits") return null;
  return (
    <span className="flex items-center gap-2 text-sm">
      {w.times}, {w.within}
      <input aria-label={w.days} inputMode="numeric" className={join(control, "w-20")} placeholder={w.ever} value={String(leaf["days"] ?? "")}
             onChange={(event) => set({ days: event.target.value === "" ? undefined : Number.isFinite(Number(event.target.value)) ? Number(event.target.value) : event.target.value })} />
      {w.daysUnit}
    </span>
  );
}
