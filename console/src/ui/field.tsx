import { createContext, useContext, useId, useState, type ComponentProps, type ReactNode } from "react";

import { refusals } from "~/api/refusals";
import { useWords } from "~/words/words";
import { common } from "~/words/common";
import { join } from "./class";

interface FieldProps {
  label: string;
  hint?: ReactNode;
  /** What is wrong with it. */
  problem?: string | undefined;
  /** Said beside the label where most fields of a form must be filled in. */
  optional?: boolean;
}

const control =
  "min-h-10 w-full rounded-lg border border-edge/70 bg-paper px-3 py-2 text-ink placeholder:text-soft/80 " +
  "aria-invalid:border-bad disabled:opacity-60";

/** True within a form that is sent as a whole, whose problems are from when it was sent last. */
export const SentWhole = createContext(false);

/** What was wrong with a field may no longer be once it is typed over: it is said until then. */
function useProblem(problem: string | undefined) {
  const whole = useContext(SentWhole);
  const refused = refusals.use();
  const [typedAfter, setTypedAfter] = useState(-1);
  return { wrong: whole && typedAfter === refused ? undefined : problem, onInput: () => setTypedAfter(refused) };
}

/** A label, a control, and what is to be said of it. `children` gets what ties them together. */
export function Field({ label, hint, problem: given, optional, children }: FieldProps & {
  children: (tied: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ReactNode;
}) {
  const id = useId();
  const w = useWords(common);
  const { wrong: problem, onInput } = useProblem(given);
  const said = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ");
  return (
    <div className="flex min-w-0 flex-col gap-1" onInput={onInput}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {optional && <span className="ml-1.5 font-normal text-soft">{w.optional}</span>}
      </label>
      {children({ id, ...(said ? { "aria-describedby": said } : {}), ...(problem ? { "aria-invalid": true } : {}) })}
      {hint && <div id={`${id}-hint`} className="text-sm text-soft">{hint}</div>}
      {problem && <div id={`${id}-problem`} className="text-sm font-medium text-bad">{problem}</div>}
    </div>
  );
}

type Of<Tag extends "input" | "textarea" | "select"> = Omit<ComponentProps<Tag>, "id"> & FieldProps;

export function TextField({ label, hint, problem, optional, className, ...input }: Of<"input">) {
  return (
    <Field {...{ label, hint, optional, problem }}>
      {(tied) => <input {...input} {...tied} className={join(control, className)} />}
    </Field>
  );
}

export function TextArea({ label, hint, problem, optional, className, ...area }: Of<"textarea">) {
  return (
    <Field {...{ label, hint, optional, problem }}>
      {(tied) => <textarea rows={4} {...area} {...tied} className={join(control, className)} />}
    </Field>
  );
}

export function SelectField({ label, hint, problem, optional, className, ...select }: Of<"select">) {
  return (
    <Field {...{ label, hint, optional, problem }}>
      {(tied) => <select {...select} {...tied} className={join(control, className)} />}
    </Field>
  );
}

/** Which rows of a list are shown, in the title of its card. */
export function Filter({ label, className, ...select }: ComponentProps<"select"> & { label: string }) {
  return <select aria-label={label} {...select} className={join("min-h-8 max-w-full rounded-lg border border-edge/70 bg-paper px-2.5 text-sm", className)} />;
}

export function CheckField({ label, hint, problem, ...input }: Omit<ComponentProps<"input">, "id" | "type"> & {
  label: ReactNode; hint?: ReactNode; problem?: string | undefined;
}) {
  const id = useId();
  return (
    <div>
      <label className="flex items-start gap-2.5 py-0.5">
        <input type="checkbox" {...input} aria-describedby={hint || problem ? id : undefined}
               className="mt-[calc((1lh-1rem)/2)] size-4 shrink-0 accent-pink" />
        <span>{label}</span>
      </label>
      {(hint || problem) && (
        <div id={id} className={join("ml-6.5 text-sm", problem ? "font-medium text-bad" : "text-soft")}>{problem ?? hint}</div>
      )}
    </div>
  );
}

/** What is wrong with a whole form. */
export function Problems({ of }: { of: string[] }) {
  if (of.length === 0) return null;
  return (
    <div role="alert" className="rounded-lg bg-bad-soft px-4 py-3 text-sm font-medium text-bad">
      {of.length === 1 ? of[0] : <ul className="list-disc pl-4">{of.map((one) => <li key={one}>{one}</li>)}</ul>}
    </div>
  );
}
