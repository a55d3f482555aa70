// The form of one step, beside the drawing.

import { useState } from "react";

import { useRead } from "~/api/hooks";
import { IconButton } from "~/ui/button";
import { SelectField, TextField } from "~/ui/field";
import { Icon } from "~/ui/icon";
import { Empty } from "~/ui/page";
import { SchemaForm, type Schema } from "~/ui/schema_form";
import { flow } from "~/words/flow";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import { Cases } from "./cases";
import { dataOf, kindIcons, placeOf, textOf, withAt, type Step } from "./model";
import { titleOf } from "./say";
import { SpanField } from "./span_field";
import { ToolFields } from "./tool_fields";
import { TriggerForm } from "./trigger_form";
import { ValueField } from "./value_field";

interface Problem {
  path: string;
  message: string;
}

export interface PanelProps {
  definition: unknown;
  step: Step | null;
  steps: Step[];
  isTrigger: boolean;
  problems: Problem[];
  onChange: (definition: unknown) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

export function StepPanel(panel: PanelProps) {
  const w = useWords(flow);
  const { step, isTrigger, definition, onChange } = panel;
  if (isTrigger) {
    const own = panel.problems.filter((one) => one.path.startsWith("/definition/trigger"));
    return <TriggerForm definition={definition} onChange={onChange} problems={own.map((one) => `${one.path.replace("/definition/trigger/", "")}: ${serverIn().say(one.message)}`)} />;
  }
  if (!step) return <Empty icon="flow" title={w.chooseStep}>{w.chooseStepAbout}</Empty>;
  return <StepForm {...panel} step={step} />;
}

function StepForm({ definition, step, steps, problems, onChange, onMove, onRemove }: PanelProps & { step: Step }) {
  const w = useWords(flow);
  const [more, setMore] = useState(step.when !== "");
  const mine = problems.flatMap((one) => {
    const place = placeOf(one.path.replace(/^\/definition/, ""), steps);
    return place && place.step.path.join("/") === step.path.join("/") ? [{ below: place.below, message: serverIn().say(one.message) }] : [];
  });
  const problem = (path: string) => mine.find((one) => one.below.replaceAll("/", ".") === path)?.message;
  const set = (name: string, value: unknown) => onChange(withAt(definition, [...step.path, name], value === "" ? undefined : value));
  const shown = ["id", "title", "when"];
  const rest = mine.filter((one) => !shown.includes(one.below) && !(step.kind && one.below.startsWith(`${step.kind}/`)));
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-start justify-between gap-2">
        <div className="flex min-w-0 items-center gap-2">
          {step.kind && <Icon name={kindIcons[step.kind]} className="size-5 text-pink" />}
          <div className="min-w-0">
            <h3 className="truncate font-semibold">{titleOf(step, w)}</h3>
            <p className="text-sm text-soft">{step.kind ? w.kindAbout[step.kind] : w.noKind}</p>
          </div>
        </div>
        <div className="flex shrink-0">
          <IconButton icon="down" className="size-8 rotate-180" label={w.moveUp} onClick={() => onMove(-1)} disabled={step.path.at(-1) === 0} />
          <IconButton icon="down" className="size-8" label={w.moveDown} onClick={() => onMove(1)} />
          <IconButton icon="trash" className="size-8" label={w.removeStep} onClick={onRemove} />
        </div>
      </div>
      <TextField label={w.stepTitle} value={step.title} onChange={(event) => set("title", event.target.value)} problem={problem("title")} />
      {step.kind && <KindForm definition={definition} step={step} onChange={onChange} problem={problem} />}
      {rest.length > 0 && <ul className="rounded-lg bg-bad-soft px-3 py-2 text-sm text-bad">{rest.map((one) => <li key={one.below}>{one.message}</li>)}</ul>}
      <details open={more} onToggle={(event) => setMore(event.currentTarget.open)} className="rounded-lg border border-line px-3 py-2">
        <summary className="text-sm font-medium">{w.moreOfStep}</summary>
        <div className="flex flex-col gap-4 pt-3 pb-1">
          <TextField label={w.when} hint={w.whenHint} value={step.when} spellCheck={false} className="font-mono text-sm" optional
                     onChange={(event) => set("when", event.target.value)} problem={problem("when")} />
          <TextField label={w.stepId} hint={w.stepIdHint} value={step.id} spellCheck={false} className="font-mono text-sm"
                     onChange={(event) => onChange(withAt(definition, [...step.path, "id"], event.target.value))} problem={problem("id")} />
          <SelectField label={w.onFailure} value={textOf(step.body["on_failure"]) || "stop"} onChange={(event) => set("on_failure", event.target.value === "stop" ? undefined : event.target.value)}>
            <option value="stop">{w.onFailureStop}</option>
            <option value="go_on">{w.onFailureGoOn}</option>
          </SelectField>
        </div>
      </details>
    </div>
  );
}

const steps_inside = ["then", "else", "steps", "cases", "otherwise"];

/** What of a kind is written in fields: not the steps within it, which stand in the drawing. */
function KindForm({ definition, step, onChange, problem }: {
  definition: unknown; step: Step; onChange: (definition: unknown) => void; problem: (path: string) => string | undefined;
}) {
  const w = useWords(flow);
  const schema = useRead("get_flow_schema", {});
  const kind = step.kind!;
  const given = dataOf(step.given);
  const set = (value: unknown) => onChange(withAt(definition, [...step.path, kind], value));
  if (kind === "set") return <ValueField label={w.values} hint={w.valueHint} value={step.given} onChange={(value) => set(value ?? {})} problem={problem("set")} />;
  if (kind === "call") return <ToolFields given={given} onChange={set} problem={problem} />;
  const own = dataOf(dataOf(dataOf(dataOf(dataOf(schema.data?.schema)["$defs"])["step"])["properties"])[kind]) as Schema;
  if (!own.properties) return null;
  const properties = Object.fromEntries(Object.entries(own.properties).filter(([name]) => !steps_inside.includes(name)));
  // What may be anything is written as an expression or as JSON.
  const free = Object.entries(properties).filter(([, one]) => one.type === undefined);
  const instead = Object.fromEntries(free.map(([name, one]) => [
    name, (value: unknown, change: (value: unknown) => void) => (
      <ValueField label={w.fields[name] ?? name} hint={serverIn().say(one.description ?? "")} value={value} onChange={change} problem={problem(`${kind}.${name}`)} />
    ),
  ]));
  for (const name of ["span", "timeout"].filter((one) => one in properties)) {
    instead[name] = (value, change) => <SpanField label={w.fields[name] ?? name} value={value} onChange={change} problem={problem(`${kind}.${name}`)} />;
  }
  const named = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, { ...one, title: w.fields[name] ?? name }]));
  return (
    <>
      <SchemaForm schema={{ ...own, properties: named }} value={given} onChange={set} problem={(path) => problem(`${kind}.${path}`)} instead={instead} />
      {kind === "choose" && <Cases definition={definition} step={step} onChange={onChange} />}
    </>
  );
}

