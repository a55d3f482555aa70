// One attribute as the control that fits its type. Its value is text here, as the server reads it.

import { CheckField, Field, SelectField, TextArea, TextField } from "~/ui/field";
import { contactWords } from "~/words/contact";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import type { AttributeDefinition } from "./contact";

const inputs: Partial<Record<AttributeDefinition["type"], string>> = {
  url: "url", date: "date", birth_date: "date", phone: "tel", email: "email",
};

/** A moment for an input of the reader's own clock, and back. */
function toLocal(value: string): string {
  if (value === "") return "";
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? "" : new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function fromLocal(value: string): string {
  return value === "" ? "" : new Date(value).toISOString().replace(/\.\d+Z$/, "+00:00");
}

export function AttributeField({ attribute, value, onChange, problem }: {
  attribute: AttributeDefinition; value: string; onChange: (value: string) => void; problem: string | undefined;
}) {
  const w = useWords(contactWords);
  const shared = { label: serverIn().say(attribute.label) || attribute.name, problem, ...(attribute.description ? { hint: attribute.description } : {}) };
  switch (attribute.type) {
    case "boolean":
    case "select": {
      const options = attribute.type === "boolean" ? [{ value: "true", label: w.yes }, { value: "false", label: w.no }] : attribute.options;
      return (
        <SelectField {...shared} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">–</option>
          {options.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
        </SelectField>
      );
    }
    case "multi_select": {
      const chosen = value.split(";").map((one) => one.trim()).filter(Boolean);
      return (
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 text-sm font-medium">{shared.label}</legend>
          {attribute.options.map((one) => (
            <CheckField key={one.value} label={one.label} checked={chosen.includes(one.value)}
                        onChange={(event) => onChange(attribute.options.map((option) => option.value)
                          .filter((option) => (option === one.value ? event.target.checked : chosen.includes(option))).join(";"))} />
          ))}
          {problem && <p className="text-sm font-medium text-bad">{problem}</p>}
        </fieldset>
      );
    }
    case "date_range":
    case "time_range": {
      const [from = "", to = ""] = value.split("/");
      const type = attribute.type === "date_range" ? "date" : "time";
      const set = (start: string, end: string) => onChange(start === "" && end === "" ? "" : `${start}/${end}`);
      return (
        <div className="grid grid-cols-2 gap-2">
          <TextField {...shared} type={type} value={from} onChange={(event) => set(event.target.value, to)} />
          <TextField label={w.until} type={type} value={to} onChange={(event) => set(from, event.target.value)} />
        </div>
      );
    }
    case "date_time":
      return <TextField {...shared} type="datetime-local" value={toLocal(value)} onChange={(event) => onChange(fromLocal(event.target.value))} />;
    case "long_text":
    case "rich_text":
      return <div className="sm:col-span-2"><TextArea {...shared} value={value} onChange={(event) => onChange(event.target.value)} /></div>;
    case "color":
      return (
        <Field {...shared}>
          {(tied) => (
            <span className="flex gap-2">
              <input type="color" aria-label={shared.label} value={/^#[0-9a-f]{6}$/i.test(value) ? value : "#000000"}
                     onChange={(event) => onChange(event.target.value)} className="h-10 w-12 rounded-lg border border-edge/70 bg-paper p-1" />
              <input {...tied} value={value} onChange={(event) => onChange(event.target.value)}
                     className="w-full rounded-lg border border-edge/70 bg-paper px-3 py-2" />
            </span>
          )}
        </Field>
      );
    default:
      // Numbers are text too: a browser would drop what it does not take for one, and the server says what is wrong.
      return (
        <TextField {...shared} type={inputs[attribute.type] ?? "text"} value={value} autoComplete="off"
                   {...(attribute.type === "number" || attribute.type === "float" ? { inputMode: "decimal" as const } : {})}
                   onChange={(event) => onChange(event.target.value)} />
      );
  }
}
