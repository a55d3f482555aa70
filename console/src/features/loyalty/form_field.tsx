import type { OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import { isReadOnly } from "~/features/contact/contact";
import { CheckField, SelectField, TextArea, TextField } from "~/ui/field";
import { formWords } from "~/words/form";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import { fieldTypes, type DraftField, type FieldType } from "./form_draft";

export function FieldEditor({ field, types, onChange, problem }: {
  field: DraftField; types: OutputOf<"list_subscription_types">["types"]; onChange: (next: Partial<DraftField>) => void; problem: (name: string) => string | undefined;
}) {
  const w = useWords(formWords);
  const attributes = useRead("list_contact_attributes", {});
  const consent = field.type === "consent";
  const chooses = !field.attribute && (field.type === "select" || field.type === "multi_select");
  const long = !field.attribute && (field.type === "text" || field.type === "long_text");
  const type = types.find((one) => one.uuid === field.subscription);
  return (
    <div className="flex flex-col gap-4 border-t border-line bg-sunk/40 px-5 py-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={w.label} value={field.label} onChange={(event) => onChange({ label: event.target.value })} problem={problem("label")} />
        <TextField label={w.answerName} hint={w.answerNameHint} value={field.name} className="font-mono" spellCheck={false} onChange={(event) => onChange({ name: event.target.value })} problem={problem("name")} />
        <SelectField label={w.kind} value={field.type} disabled={field.attribute !== ""} onChange={(event) => onChange({ type: event.target.value as FieldType })} problem={problem("type")}>
          {fieldTypes.map((one) => <option key={one} value={one}>{w.fieldTypes[one]}</option>)}
        </SelectField>
        {!consent && (
          <SelectField label={w.attribute} hint={w.attributeHint} value={field.attribute} onChange={(event) => onChange({ attribute: event.target.value })} problem={problem("attribute")}>
            <option value="">{w.noAttribute}</option>
            {attributes.data?.attributes.filter((one) => !isReadOnly(one) && !one.has_unique_value).map((one) => <option key={one.name} value={one.name}>{serverIn().say(one.label)}</option>)}
          </SelectField>
        )}
        {consent && (
          <SelectField label={w.subscription} hint={type && w.strategies[type.strategy]} value={field.subscription} onChange={(event) => onChange({ subscription: event.target.value })} problem={problem("subscription_type_uuid")}>
            {types.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
          </SelectField>
        )}
      </div>
      {consent && <TextArea label={w.consentWords} hint={w.consentWordsHint} rows={3} value={field.text} onChange={(event) => onChange({ text: event.target.value })} problem={problem("text")} />}
      {chooses && <TextArea label={w.options} hint={w.optionsHint} rows={4} value={field.options} onChange={(event) => onChange({ options: event.target.value })} problem={problem("options")} />}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={w.help} optional value={field.help} onChange={(event) => onChange({ help: event.target.value })} problem={problem("help")} />
        {long && <TextField label={w.maxLength} optional inputMode="numeric" value={field.maxLength} onChange={(event) => onChange({ maxLength: event.target.value })} problem={problem("max_length")} />}
      </div>
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        <CheckField label={w.mustAnswer} checked={field.required} onChange={(event) => onChange({ required: event.target.checked })} />
        {field.attribute !== "" && <CheckField label={w.overwrite} hint={w.overwriteHint} checked={field.overwrite} onChange={(event) => onChange({ overwrite: event.target.checked })} />}
      </div>
    </div>
  );
}
