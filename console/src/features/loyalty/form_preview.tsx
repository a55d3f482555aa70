// How the form will look, in the shop's brand, while it is being built. Nothing of it can be sent.

import type { CSSProperties } from "react";

import { useRead } from "~/api/hooks";
import { CheckField, SelectField, TextArea, TextField } from "~/ui/field";
import { buttonClass } from "~/ui/button";
import { Card } from "~/ui/page";
import { formWords } from "~/words/form";
import { useWords } from "~/words/words";
import { optionsOf, type Draft, type DraftField } from "./form_draft";

const inputs: Partial<Record<DraftField["type"], string>> = { email: "email", phone: "tel", date: "date", url: "url" };

export function FormPreview({ draft }: { draft: Draft }) {
  const w = useWords(formWords);
  const brand = useRead("get_brand", {});
  // White is read well on a shop's colour, as the server sees to.
  const dress = brand.data ? { "--pink": brand.data.colour, "--on-pink": "#ffffff" } as CSSProperties : {};
  return (
    <Card title={w.preview} about={w.previewAbout} className="lg:sticky lg:top-4">
      <div style={dress} className="rounded-xl border border-line border-t-pink border-t-8 bg-paper p-5">
        {brand.data && (
          <p className="mb-4 flex items-center gap-3 font-semibold">
            {brand.data.logo && <img src={brand.data.logo} alt="" className="h-8 max-w-32 object-contain" />}
            {brand.data.company}
          </p>
        )}
        <p className="mb-3 text-lg font-semibold">{draft.name}</p>
        {draft.introduction && <p className="mb-4 whitespace-pre-line">{draft.introduction}</p>}
        <div className="flex flex-col gap-4">
          {draft.fields.map((one) => <Previewed key={one.key} field={one} />)}
          <span aria-hidden="true" className={buttonClass("primary")}>{draft.button || w.buttonDefault}</span>
        </div>
      </div>
      {draft.thanks && <p className="mt-3 text-sm text-soft">{w.afterwards}: {draft.thanks}</p>}
    </Card>
  );
}

function Previewed({ field }: { field: DraftField }) {
  const attributes = useRead("list_contact_attributes", {}, { enabled: field.attribute !== "" });
  const attribute = attributes.data?.attributes.find((one) => one.name === field.attribute);
  const type = attribute?.type ?? field.type;
  const options = attribute ? attribute.options : optionsOf(field.options);
  const shared = { label: field.label, optional: !field.required, ...(field.help ? { hint: field.help } : {}) };
  const kept = { defaultValue: "", tabIndex: -1, readOnly: true } as const;
  if (type === "consent") return <CheckField label={field.text} checked={false} readOnly tabIndex={-1} {...(field.help ? { hint: field.help } : {})} />;
  if (type === "boolean") return <CheckField label={field.label} checked={false} readOnly tabIndex={-1} {...(field.help ? { hint: field.help } : {})} />;
  if (type === "long_text" || type === "rich_text") return <TextArea {...shared} {...kept} rows={3} />;
  if (type === "select") {
    return <SelectField {...shared} defaultValue="" tabIndex={-1}><option value="">–</option>{options.map((one) => <option key={one.value}>{one.label}</option>)}</SelectField>;
  }
  if (type === "multi_select") {
    return (
      <fieldset>
        <legend className="mb-1 text-sm font-medium">{field.label}</legend>
        {options.map((one) => <CheckField key={one.value} label={one.label} checked={false} readOnly tabIndex={-1} />)}
      </fieldset>
    );
  }
  return <TextField {...shared} {...kept} type={inputs[field.type] ?? "text"} />;
}
