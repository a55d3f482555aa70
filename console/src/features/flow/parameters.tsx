// The parameters of a flow or a template as a form: what people change without touching the steps.

import { useId } from "react";

import { useRead } from "~/api/hooks";
import { CheckField, SelectField, TextArea, TextField } from "~/ui/field";
import { flow } from "~/words/flow";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import { listOf, textOf, type Data } from "./model";

export interface Parameter {
  name: string;
  label: string;
  about: string | null;
  kind: "text" | "integer" | "number" | "boolean" | "uuid" | "email" | "emails" | "time" | "zone";
  value: unknown;
  optional: boolean | null;
}

interface FieldProps {
  parameter: Parameter;
  value: unknown;
  onChange: (value: unknown) => void;
  problem: string | undefined;
}

const senders = ["listmonk", "mailchimp", "klaviyo", "csv"];

/** What the values are until somebody says otherwise. */
export function valuesOf(parameters: Parameter[]): Data {
  return Object.fromEntries(parameters.filter((one) => one.value !== null && one.value !== undefined).map((one) => [one.name, one.value]));
}

export function ParameterForm({ parameters, values, onChange, problem }: {
  parameters: Parameter[]; values: Data; onChange: (values: Data) => void; problem: (name: string) => string | undefined;
}) {
  return parameters.map((parameter) => (
    <ParameterField key={parameter.name} parameter={parameter} value={values[parameter.name]} problem={problem(parameter.name)}
                    onChange={(value) => onChange({ ...values, [parameter.name]: value })} />
  ));
}

function ParameterField(field: FieldProps) {
  const { name, kind } = field.parameter;
  if (kind === "uuid") {
    if (/form/.test(name)) return <FormPicker {...field} />;
    if (/sequence/.test(name)) return <SequencePicker {...field} />;
    if (/segment/.test(name)) return <SegmentPicker {...field} />;
    if (/persona/.test(name)) return <PersonaPicker {...field} />;
  }
  if (kind === "text" && name === "slack") return <ConnectionPicker {...field} connectors={["slack"]} />;
  if (kind === "text" && /connection|sender/.test(name)) return <ConnectionPicker {...field} connectors={senders} />;
  if (kind === "emails") return <Emails {...field} />;
  if (kind === "zone") return <Zone {...field} />;
  return <Plain {...field} />;
}

function shared({ parameter, problem }: FieldProps) {
  const { say } = serverIn();
  return {
    label: say(parameter.label), problem, optional: parameter.optional === true, ...(parameter.about ? { hint: say(parameter.about) } : {}),
  };
}

/** Something that the shop has, by its name. One that is chosen but no longer there is shown as such. */
export function Pick({ options, loading, none, ...field }: FieldProps & {
  options: { value: string; label: string }[]; loading: boolean; none: string;
}) {
  const w = useWords(flow);
  const value = textOf(field.value);
  const known = options.some((one) => one.value === value);
  const props = shared(field);
  return (
    <SelectField {...props} value={value} onChange={(event) => field.onChange(event.target.value === "" ? null : event.target.value)}
                 hint={!loading && options.length === 0 ? none : props.hint}>
      <option value="">{loading ? w.loadingOptions : w.pick}</option>
      {value !== "" && !known && <option value={value}>{loading ? value : w.gone(value)}</option>}
      {options.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
    </SelectField>
  );
}

function FormPicker(field: FieldProps) {
  const w = useWords(flow);
  const forms = useRead("list_forms", {});
  return <Pick {...field} loading={forms.isPending} none={w.noForms} options={(forms.data?.forms ?? []).map((one) => ({ value: one.uuid, label: one.name }))} />;
}

function SequencePicker(field: FieldProps) {
  const w = useWords(flow);
  const sequences = useRead("list_sequences", { limit: 100 });
  return <Pick {...field} loading={sequences.isPending} none={w.noSequences} options={(sequences.data?.sequences ?? []).map((one) => ({ value: one.uuid, label: one.name }))} />;
}

function SegmentPicker(field: FieldProps) {
  const w = useWords(flow);
  const segments = useRead("list_segments", { limit: 100 });
  return <Pick {...field} loading={segments.isPending} none={w.noSegments} options={(segments.data?.segments ?? []).map((one) => ({ value: one.uuid, label: one.name }))} />;
}

export function PersonaPicker(field: FieldProps) {
  const w = useWords(flow);
  const personas = useRead("list_personas", {});
  return <Pick {...field} loading={personas.isPending} none={w.noPersonas} options={(personas.data?.personas ?? []).map((one) => ({ value: one.uuid, label: `${one.avatar} ${one.name}`.trim() }))} />;
}

/** A connection by its handle, which is what a flow calls it by. */
function ConnectionPicker({ connectors, ...field }: FieldProps & { connectors: string[] }) {
  const w = useWords(flow);
  const connections = useRead("list_connections", {});
  const options = (connections.data?.connections ?? []).filter((one) => connectors.includes(one.connector) && one.state !== "revoked")
    .map((one) => ({ value: one.handle, label: `${one.name} (${one.handle})` }));
  return <Pick {...field} loading={connections.isPending} none={w.noConnections} options={options} />;
}

function Emails(field: FieldProps) {
  const w = useWords(flow);
  const users = useRead("list_users", {});
  const chosen = listOf(field.value).map(textOf);
  const others = (users.data?.users ?? []).map((one) => one.email).filter((email) => !chosen.includes(email));
  return (
    <div className="flex flex-col gap-1.5">
      <TextArea {...shared(field)} rows={3} value={chosen.join("\n")} placeholder={w.onePerLine} spellCheck={false}
                onChange={(event) => field.onChange(event.target.value === "" ? null : event.target.value.split(/[\n,;]/).map((one) => one.trimStart()))} />
      {others.length > 0 && (
        <div className="flex flex-wrap gap-1.5">
          {others.slice(0, 8).map((email) => (
            <button key={email} type="button" onClick={() => field.onChange([...chosen.filter((one) => one !== ""), email])}
                    className="rounded-full border border-edge/60 px-2.5 py-0.5 text-xs hover:bg-sunk">+ {email}</button>
          ))}
        </div>
      )}
    </div>
  );
}

export function ZoneField({ label, hint, value, problem, onChange, optional = false }: {
  label: string; hint?: string | undefined; value: string; problem?: string | undefined; onChange: (zone: string) => void; optional?: boolean;
}) {
  const w = useWords(flow);
  const list = useId();
  return (
    <>
      <TextField {...{ label, problem, optional }} {...(hint ? { hint } : {})} list={list} value={value} placeholder={w.accountZone} autoComplete="off"
                 spellCheck={false} onChange={(event) => onChange(event.target.value)} />
      <datalist id={list}>{Intl.supportedValuesOf("timeZone").map((zone) => <option key={zone} value={zone} />)}</datalist>
    </>
  );
}

function Zone(field: FieldProps) {
  const props = shared(field);
  return <ZoneField label={props.label} hint={props.hint} problem={props.problem} optional={props.optional} value={textOf(field.value)} onChange={(zone) => field.onChange(zone === "" ? null : zone)} />;
}

function Plain(field: FieldProps) {
  const { kind } = field.parameter;
  const props = shared(field);
  if (kind === "boolean") return <CheckField label={props.label} hint={props.hint} problem={props.problem} checked={field.value === true} onChange={(event) => field.onChange(event.target.checked)} />;
  const number = kind === "integer" || kind === "number";
  return (
    <TextField {...props} value={textOf(field.value)} autoComplete="off" type={kind === "time" ? "time" : kind === "email" ? "email" : "text"}
               {...(number ? { inputMode: kind === "integer" ? "numeric" as const : "decimal" as const } : {})}
               onChange={(event) => {
                 const typed = event.target.value;
                 // What is no number is sent as it stands: the server says what is wrong with it.
                 const value = number && typed.trim() !== "" && Number.isFinite(Number(typed)) ? Number(typed) : typed;
                 field.onChange(typed === "" ? null : value);
               }} />
  );
}
