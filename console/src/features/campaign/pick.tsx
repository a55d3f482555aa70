// Things of the shop, to be chosen by their names.

import { useRead } from "~/api/hooks";
import { SelectField } from "~/ui/field";
import { campaign } from "~/words/campaign";
import { useWords } from "~/words/words";

interface PickProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string;
  problem?: string | undefined;
  optional?: boolean;
}

function Pick({ options, none, ...field }: PickProps & { options: { value: string; label: string }[] | undefined; none: string }) {
  const w = useWords(campaign);
  const known = options?.some((one) => one.value === field.value);
  const empty = options?.length === 0 ? none : field.hint;
  return (
    <SelectField label={field.label} problem={field.problem} {...(empty ? { hint: empty } : {})} {...(field.optional ? { optional: true } : {})}
                 value={field.value} onChange={(event) => field.onChange(event.target.value)}>
      <option value="">{field.optional ? w.noneChosen : w.choose}</option>
      {field.value !== "" && !known && <option value={field.value}>{field.value}</option>}
      {options?.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
    </SelectField>
  );
}

export function PickSegment(field: PickProps) {
  const w = useWords(campaign);
  const read = useRead("list_segments", { limit: 100 });
  return <Pick {...field} none={w.noSegments} options={read.data?.segments.map((one) => ({ value: one.uuid, label: `${one.name} (${one.size})` }))} />;
}
export function PickPurpose(field: PickProps) {
  const w = useWords(campaign);
  const read = useRead("list_subscription_types", {});
  return <Pick {...field} none={w.noPurposes} options={read.data?.types.filter((one) => one.active).map((one) => ({ value: one.uuid, label: one.name }))} />;
}
export function PickTemplate(field: PickProps) {
  const w = useWords(campaign);
  const read = useRead("list_mail_templates", { limit: 100 });
  return <Pick {...field} none={w.noTemplates} options={read.data?.templates.map((one) => ({ value: one.uuid, label: one.name }))} />;
}
export function PickPromotion(field: PickProps) {
  const w = useWords(campaign);
  const read = useRead("list_promotions", { limit: 100 });
  return <Pick {...field} none={w.noPromotions} options={read.data?.promotions.map((one) => ({ value: one.uuid, label: one.name }))} />;
}
