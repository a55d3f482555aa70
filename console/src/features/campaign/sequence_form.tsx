import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import type { InputOf, OutputOf } from "~/api/client";
import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import { Button, IconButton } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { CheckField, TextField } from "~/ui/field";
import { tell } from "~/ui/toast";
import { campaign } from "~/words/campaign";
import { common } from "~/words/common";
import { useWords } from "~/words/words";
import { PickPurpose, PickTemplate } from "./pick";

export type Sequence = OutputOf<"get_sequence">["sequence"];
type Step = InputOf<"create_sequence">["steps"][number];

/** A number in a field: what is none is sent as it stands, and the server says what is wrong with it. */
function number(text: string): number | null {
  return text.trim() === "" ? null : Number.isFinite(Number(text)) ? Number(text) : (text as unknown as number);
}

export function SequenceForm({ sequence, onClose }: { sequence: Sequence | null; onClose: () => void }) {
  const w = useWords(campaign);
  const c = useWords(common);
  const navigate = useNavigate();
  const [name, setName] = useState(sequence?.name ?? "");
  const [description, setDescription] = useState(sequence?.description ?? "");
  const [purpose, setPurpose] = useState(sequence?.subscription_type_uuid ?? "");
  const [steps, setSteps] = useState<Step[]>(sequence?.steps ?? [{ template_uuid: "", wait_days: 0 }]);
  const [from, setFrom] = useState(sequence?.hours?.from ?? "09:00");
  const [until, setUntil] = useState(sequence?.hours?.until ?? "20:00");
  const [anyHour, setAnyHour] = useState(sequence !== null && sequence.hours === null);
  const [stops, setStops] = useState(sequence?.stop_on_purchase ?? true);
  const [min, setMin] = useState(String(sequence?.min_score ?? ""));
  const [max, setMax] = useState(String(sequence?.max_score ?? ""));
  const create = useWrite("create_sequence", { onDone: (made) => { tell(c.saved); void navigate({ to: `/marketing/sequences/${made.uuid}` }); } });
  const update = useWrite("update_sequence", { onDone: () => { tell(c.saved); onClose(); } });
  const error = create.error ?? update.error;
  const input = {
    name, description, subscription_type_uuid: purpose, steps, stop_on_purchase: stops, min_score: number(min), max_score: number(max),
    hours: anyHour ? null : { from, until, ...(sequence?.hours?.weekdays ? { weekdays: sequence.hours.weekdays } : {}) },
  };
  const shown = ["name", "description", "subscription_type_uuid", "hours.from", "hours.until", "min_score", "max_score", ...steps.flatMap((_, at) => [`steps.${at}.template_uuid`, `steps.${at}.wait_days`])];
  return (
    <FormDialog title={sequence ? sequence.name : w.newSequence} action={c.save} wide busy={create.isPending || update.isPending} problems={otherProblems(error, shown)} onClose={onClose}
                onSubmit={() => (sequence ? update.mutate({ sequence_uuid: sequence.uuid, ...input }) : create.mutate(input))}>
      <TextField label={w.name} value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(error, "name")} />
      <TextField label={w.whatFor} hint={w.whatForHint} optional value={description} onChange={(event) => setDescription(event.target.value)} problem={problemOf(error, "description")} />
      <PickPurpose label={w.purpose} hint={w.purposeHint} value={purpose} onChange={setPurpose} problem={problemOf(error, "subscription_type_uuid")} />
      <StepFields steps={steps} onChange={setSteps} problem={(path) => problemOf(error, path)} />
      <CheckField label={w.anyHour} checked={anyHour} onChange={(event) => setAnyHour(event.target.checked)} />
      {!anyHour && (
        <div className="grid grid-cols-2 gap-4">
          <TextField label={w.hoursFrom} type="time" value={from} onChange={(event) => setFrom(event.target.value)} problem={problemOf(error, "hours.from")} />
          <TextField label={w.hoursUntil} hint={w.hoursHint} type="time" value={until} onChange={(event) => setUntil(event.target.value)} problem={problemOf(error, "hours.until")} />
        </div>
      )}
      <div className="grid grid-cols-2 gap-4">
        <TextField label={w.minScore} optional inputMode="numeric" value={min} onChange={(event) => setMin(event.target.value)} problem={problemOf(error, "min_score")} />
        <TextField label={w.maxScore} optional inputMode="numeric" value={max} onChange={(event) => setMax(event.target.value)} problem={problemOf(error, "max_score")} />
      </div>
      <CheckField label={w.stopsOnPurchase} checked={stops} onChange={(event) => setStops(event.target.checked)} />
    </FormDialog>
  );
}

function StepFields({ steps, onChange, problem }: { steps: Step[]; onChange: (steps: Step[]) => void; problem: (path: string) => string | undefined }) {
  const w = useWords(campaign);
  const set = (at: number, next: Partial<Step>) => onChange(steps.with(at, { ...steps[at]!, ...next }));
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 text-sm font-medium">{w.mails}</legend>
      {steps.map((step, at) => (
        <div key={`${at} ${steps.length}`} className="relative grid grid-cols-2 items-start gap-3 rounded-xl border border-line p-3 sm:flex">
          <span aria-hidden="true" className="grid size-8 shrink-0 place-items-center rounded-full bg-blush text-sm max-sm:col-span-2 sm:mt-7 font-semibold text-pink">{at + 1}</span>
          <div className="sm:w-28"><TextField label={w.waitDays} inputMode="numeric" value={String(step.wait_days ?? 0)} onChange={(event) => set(at, { wait_days: number(event.target.value) })} problem={problem(`steps.${at}.wait_days`)} /></div>
          <div className="sm:w-28"><TextField label={w.waitHours} inputMode="numeric" value={String((step.wait_seconds ?? 0) / 3_600)} onChange={(event) => set(at, { wait_seconds: Math.round(Number(event.target.value || 0) * 3_600) })} problem={problem(`steps.${at}.wait_seconds`)} /></div>
          <div className="min-w-0 grow max-sm:col-span-2">
            {step.variants
              ? <p className="pt-7 text-sm text-soft">{w.hasVariants(step.variants.map((one) => one.name).join(", "))}</p>
              : <PickTemplate label={w.templateAt(at + 1)} value={step.template_uuid ?? ""} onChange={(template) => set(at, { template_uuid: template })} problem={problem(`steps.${at}.template_uuid`)} />}
          </div>
          {steps.length > 1 && <IconButton icon="trash" className="max-sm:absolute max-sm:top-2.5 max-sm:right-2.5 sm:mt-6.5" label={w.removeMail(at + 1)} onClick={() => onChange(steps.toSpliced(at, 1))} />}
        </div>
      ))}
      <div><Button small icon="plus" onClick={() => onChange([...steps, { template_uuid: "", wait_days: 2 }])}>{w.addMail}</Button></div>
    </fieldset>
  );
}

