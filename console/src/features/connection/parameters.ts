// A JSON Schema as rows for people: one for each parameter, those within others below them.

import { withoutNull, type Schema } from "~/ui/schema_form";
import type { Formats } from "~/words/format";
import type { connection } from "~/words/connection";

type Texts = (typeof connection)["en"];

export interface Parameter {
  path: string;
  depth: number;
  kind: string;
  required: boolean;
  about: string;
}

function limits(schema: Schema, w: Texts, f: Formats): string | undefined {
  const { minimum: low, maximum: high, maxLength } = schema;
  if (low !== undefined && high !== undefined) return w.between(f.number(low), f.number(high));
  if (low !== undefined) return w.atLeast(f.number(low));
  if (high !== undefined) return w.atMost(f.number(high));
  if (maxLength !== undefined) return w.characters(f.number(maxLength));
  const items = schema["maxItems"];
  return typeof items === "number" ? w.items(f.number(items)) : undefined;
}

function word(schema: Schema, w: Texts): string {
  if (schema.enum) return w.oneOf(schema.enum.filter((one) => one !== null).join(", "));
  if (schema.type === "array") return w.listOf(word(withoutNull(schema.items ?? {}), w));
  if (schema.type === "integer") return w.kinds.integer;
  if (schema.type === "number") return w.kinds.number;
  if (schema.type === "boolean") return w.kinds.boolean;
  if (schema.type === "object") return w.kinds.record;
  if (schema.type !== "string") return w.kinds.any;
  const formats: Record<string, string> = { uuid: w.kinds.uuid, email: w.kinds.email, "date-time": w.kinds.time, date: w.kinds.day };
  return formats[schema.format ?? ""] ?? w.kinds.text;
}

export function parametersOf(schema: Schema, w: Texts, f: Formats, above = "", depth = 0): Parameter[] {
  const required = schema.required ?? [];
  return Object.entries(schema.properties ?? {})
    .sort(([a], [b]) => Number(required.includes(b)) - Number(required.includes(a)))
    .flatMap(([name, given]) => {
      const one = withoutNull(given);
      const path = above === "" ? name : `${above}.${name}`;
      const within = one.type === "array" ? withoutNull(one.items ?? {}) : one;
      const row: Parameter = {
        path, depth, kind: [word(one, w), limits(one, w, f)].filter(Boolean).join(", "), required: required.includes(name),
        about: one.description ?? "",
      };
      return [row, ...(within.properties ? parametersOf(within, w, f, path, depth + 1) : [])];
    });
}

/** What a form asks for: a rehearsal has its own button. */
export function withoutRehearsal(schema: Schema): Schema {
  const { dry_run: _, ...properties } = schema.properties ?? {};
  return { ...schema, properties };
}
