// Fields of a tool that stand for a thing of this shop: people choose them by name, and nobody copies numbers.

import { useState } from "react";

import { useRead } from "~/api/hooks";
import type { FoundContact } from "~/features/contact/contact";
import { ContactPicker } from "~/features/contact/search";
import { SelectField } from "~/ui/field";
import type { Schema, SchemaFormProps } from "~/ui/schema_form";
import { useServer } from "~/words/server";

interface Picked {
  label: string;
  hint: string;
  optional: boolean;
  problem: string | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
}

function ShopField({ value, onChange, ...shown }: Picked) {
  const shops = useRead("list_shops", {});
  return (
    <SelectField {...shown} value={typeof value === "string" ? value : ""} onChange={(event) => onChange(event.target.value || undefined)}>
      <option value="">–</option>
      {shops.data?.shops.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
    </SelectField>
  );
}

function ContactField({ label, hint, optional, problem, value, onChange }: Picked) {
  const [contact, setContact] = useState<FoundContact | null>(null);
  const choose = (chosen: FoundContact | null) => {
    setContact(chosen);
    onChange(chosen?.uuid);
  };
  return <ContactPicker label={label} hint={hint} optional={optional} chosen={value === undefined ? null : contact} onChoose={choose} problem={problem} />;
}

const fields = { shop_uuid: ShopField, contact_uuid: ContactField };

/** What stands in the place of plain fields, for a tool of this Piggy. */
export function usePickFields(schema: Schema, problem: (path: string) => string | undefined): NonNullable<SchemaFormProps["instead"]> {
  const server = useServer();
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name in (schema.properties ?? {})).map(([name, Field]) => [
    name, (value, onChange) => (
      <Field label={server.label(name).replace(/ UUID$/, "")} hint={server.say(schema.properties?.[name]?.description ?? "")}
             optional={!schema.required?.includes(name)} problem={problem(name)} value={value} onChange={onChange} />
    ),
  ]));
}
