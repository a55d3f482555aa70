// A value that may be anything: an expression, a text, a number, or JSON.

import { useState } from "react";

import { TextArea, TextField } from "~/ui/field";

/** As it is written in a field: texts as they are, all else as JSON. */
function shown(value: unknown, indent?: number): string {
  return value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value, null, indent);
}

/** What was written: JSON where it is JSON of something else than a text. */
export function valueOf(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? text : value;
  } catch {
    return text;
  }
}

interface ValueFieldProps {
  label: string;
  hint?: string;
  value: unknown;
  problem?: string | undefined;
  optional?: boolean;
  /** A text stays one, also when it looks like a number. */
  text?: boolean;
  short?: boolean;
  onChange: (value: unknown) => void;
}

export function ValueField({ label, hint, value, problem, optional, text, short, onChange }: ValueFieldProps) {
  // What is being typed stays as typed: "1." is on its way to "1.5".
  const [typed, setTyped] = useState(() => shown(value, 2));
  const props = {
    label, problem, value: typed, spellCheck: false, className: "font-mono text-sm",
    ...(hint ? { hint } : {}), ...(optional ? { optional } : {}),
    onChange: (event: { target: { value: string } }) => {
      setTyped(event.target.value);
      onChange(text ? event.target.value || undefined : valueOf(event.target.value));
    },
  };
  return short ? <TextField {...props} autoComplete="off" /> : <TextArea {...props} rows={Math.min(10, Math.max(2, typed.split("\n").length))} />;
}
