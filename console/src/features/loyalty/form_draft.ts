// A form while it is being built.

import type { InputOf, OutputOf } from "~/api/client";

export type Form = OutputOf<"get_form">;
type Given = NonNullable<InputOf<"update_form">["fields"]>[number];
export type FieldType = NonNullable<Given["type"]>;

export const fieldTypes: FieldType[] = ["text", "email", "phone", "number", "boolean", "date", "long_text", "url", "select", "multi_select", "consent"];

export interface DraftField {
  key: number;
  name: string;
  label: string;
  type: FieldType;
  required: boolean;
  help: string;
  /** A line each: what is kept, and what people see after a bar where it differs. */
  options: string;
  maxLength: string;
  attribute: string;
  overwrite: boolean;
  subscription: string;
  text: string;
}

export interface Draft {
  name: string;
  type: Form["type"];
  introduction: string;
  button: string;
  thanks: string;
  onlyFromPages: boolean;
  fields: DraftField[];
}

export function draftOf(form: Form): Draft {
  return {
    name: form.name, type: form.type, introduction: form.page.introduction ?? "", button: form.page.button ?? "", thanks: form.page.thanks ?? "",
    onlyFromPages: form.page.only_from_pages ?? false,
    fields: form.fields.map((one, key) => ({
      key, name: one.name, label: one.label, type: one.type ?? "text", required: one.required ?? false, help: one.help ?? "",
      options: (one.options ?? []).map((option) => (option.label === option.value ? option.value : `${option.value} | ${option.label}`)).join("\n"),
      maxLength: one.max_length === null ? "" : String(one.max_length), attribute: one.attribute ?? "", overwrite: one.overwrite ?? false,
      subscription: one.subscription_type_uuid ?? "", text: one.text ?? "",
    })),
  };
}

export function optionsOf(text: string): { value: string; label: string }[] {
  return text.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => {
    const [value = "", label] = line.split("|").map((part) => part.trim());
    return { value, label: label ?? value };
  });
}

const chooses = (type: FieldType) => type === "select" || type === "multi_select";

export function inputOf(uuid: string, draft: Draft): InputOf<"update_form"> {
  return {
    form_uuid: uuid, name: draft.name, type: draft.type,
    page: {
      only_from_pages: draft.onlyFromPages,
      ...(draft.introduction ? { introduction: draft.introduction } : {}), ...(draft.button ? { button: draft.button } : {}),
      ...(draft.thanks ? { thanks: draft.thanks } : {}),
    },
    fields: draft.fields.map((one): Given => ({
      name: one.name, label: one.label, required: one.required,
      // An attribute says itself what an answer must be.
      ...(one.attribute ? { attribute: one.attribute, overwrite: one.overwrite } : { type: one.type }),
      ...(one.help ? { help: one.help } : {}),
      ...(chooses(one.type) && !one.attribute ? { options: optionsOf(one.options) } : {}),
      ...(one.maxLength.trim() ? { max_length: Number(one.maxLength) } : {}),
      ...(one.type === "consent" ? { subscription_type_uuid: one.subscription, text: one.text } : {}),
    })),
  };
}

/** A name for programs out of what people see: "First name" is first_name. */
export function nameFor(label: string, taken: string[]): string {
  const plain = label.toLowerCase().normalize("NFD").replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 40) || "field";
  let name = plain;
  for (let at = 2; taken.includes(name); at++) name = `${plain}_${at}`;
  return name;
}
