// A form made of a JSON Schema (2020-12) as our operations write it: what a tool takes, a step of a
// flow, the parameters of a template. What it cannot show as fields is written as JSON.

import { useState, type ReactNode } from "react";

import { useServer } from "~/words/server";
import { join } from "./class";
import { CheckField, SelectField, TextArea, TextField } from "./field";

export interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  format?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  [other: string]: unknown;
}

/** The one schema of a value that may also be null. */
export function withoutNull(schema: Schema): Schema {
  const others = (schema.anyOf ?? schema.oneOf)?.filter((one) => one.type !== "null");
  if (others?.length === 1) return { ...schema, ...others[0] };
  if (Array.isArray(schema.type)) {
    const types = schema.type.filter((one) => one !== "null");
    return { ...schema, type: types.length === 1 ? types[0]! : types };
  }
  return schema;
}

export interface SchemaFormProps {
  schema: Schema;
  value: Record<string, unknown>;
  onChange: (value: Record<string, unknown>) => void;
  /** What is wrong with the field at a path. */
  problem?: (path: string) => string | undefined;
  /** Controls of one's own for some fields, by name. */
  instead?: Record<string, (value: unknown, onChange: (value: unknown) => void) => ReactNode>;
  path?: string;
}

export function SchemaForm({ schema, value, onChange, problem, instead, path = "" }: SchemaFormProps) {
  const required = schema.required ?? [];
  const names = Object.keys(schema.properties ?? {});
  const inOrder = [...names.filter((name) => required.includes(name)), ...names.filter((name) => !required.includes(name))];
  const set = (name: string, next: unknown) => {
    const { [name]: _, ...others } = value;
    onChange(next === undefined ? others : { ...others, [name]: next });
  };
  return (
    <div className={join("flex flex-col gap-4", path !== "" && "border-l-2 border-line pl-4")}>
      {inOrder.map((name) => {
        const own = instead?.[name];
        if (own) return <div key={name}>{own(value[name], (next) => set(name, next))}</div>;
        return (
          <SchemaField key={name} name={name} path={path === "" ? name : `${path}.${name}`} schema={withoutNull(schema.properties![name]!)}
                       required={required.includes(name)} value={value[name]} onChange={(next) => set(name, next)}
                       {...(problem ? { problem } : {})} />
        );
      })}
    </div>
  );
}

function SchemaField({ name, path, schema, required, value, onChange, problem }: {
  name: string; path: string; schema: Schema; required: boolean; value: unknown; onChange: (value: unknown) => void;
  problem?: (path: string) => string | undefined;
}) {
  const server = useServer();
  const about = schema.description;
  const shared = { label: schema.title ?? server.label(name), hint: about === undefined ? about : server.say(about), problem: problem?.(path), optional: !required };
  const text = typeof value === "string" ? value : value === undefined || value === null ? "" : String(value);
  const given = (next: string) => onChange(next === "" ? undefined : next);
  if (schema.enum) {
    return (
      <SelectField {...shared} value={text} onChange={(event) => given(event.target.value)}>
        <option value="">–</option>
        {schema.enum.filter((one) => one !== null).map((one) => <option key={String(one)} value={String(one)}>{String(one)}</option>)}
      </SelectField>
    );
  }
  if (schema.type === "boolean") {
    return <CheckField label={shared.label} hint={shared.hint} problem={shared.problem} checked={value === true} onChange={(event) => onChange(event.target.checked || (required ? false : undefined))} />;
  }
  if (schema.type === "integer" || schema.type === "number") {
    return (
      <TextField {...shared} inputMode={schema.type === "integer" ? "numeric" : "decimal"} value={text}
                 onChange={(event) => {
                   const typed = event.target.value.trim();
                   const number = Number(typed);
                   // What is no number yet ("-", "1.") is sent as it stands: the server says what is wrong with it.
                   onChange(typed === "" ? undefined : Number.isFinite(number) && String(number) === typed ? number : typed);
                 }} />
    );
  }
  if (schema.type === "object" && schema.properties) {
    return (
      <fieldset>
        <legend className="mb-2 text-sm font-medium">{shared.label}</legend>
        {shared.hint && <p className="mb-2 text-sm text-soft">{shared.hint}</p>}
        <SchemaForm schema={schema} path={path} value={(value as Record<string, unknown> | undefined) ?? {}}
                    onChange={(next) => onChange(Object.keys(next).length === 0 && !required ? undefined : next)} {...(problem ? { problem } : {})} />
      </fieldset>
    );
  }
  if (schema.type === "string" || schema.type === undefined && !schema.items) {
    const long = (schema.maxLength ?? 0) > 500;
    if (long) return <TextArea {...shared} value={text} onChange={(event) => given(event.target.value)} />;
    return (
      <TextField {...shared} value={text} onChange={(event) => given(event.target.value)} autoComplete="off"
                 type={schema.format === "email" ? "email" : schema.format === "password" ? "password" : "text"} />
    );
  }
  return <JsonField {...shared} value={value} onChange={onChange} />;
}

/** Lists and free objects. What is no JSON yet is kept as text, and sent as such: the server says so. */
function JsonField({ value, onChange, ...shared }: {
  label: string; hint: string | undefined; problem: string | undefined; optional: boolean; value: unknown; onChange: (value: unknown) => void;
}) {
  const [text, setText] = useState(value === undefined ? "" : JSON.stringify(value, null, 2));
  return (
    <TextArea {...shared} value={text} className="font-mono text-sm" spellCheck={false} placeholder="[…] {…}"
              onChange={(event) => {
                setText(event.target.value);
                if (event.target.value.trim() === "") return onChange(undefined);
                try {
                  onChange(JSON.parse(event.target.value));
                } catch {
                  onChange(event.target.value);
                }
              }} />
  );
}
