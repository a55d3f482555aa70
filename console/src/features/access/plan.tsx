import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useRehearsal, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { TextField } from "~/ui/field";
import { Meter } from "~/ui/meter";
import { Answer, Card } from "~/ui/page";
import { Effect } from "~/ui/show";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { settings as texts } from "~/words/settings";
import { useWords } from "~/words/words";
import { Choices } from "./choices";
import { Usage } from "./usage";

type Plan = OutputOf<"get_plan">;
const plans = ["starter", "team", "pro"] as const;

export function PlanAndUsage() {
  const w = useWords(texts);
  const plan = useRead("get_plan", {});
  const [open, setOpen] = useState<"plan" | "pack">();
  const close = () => setOpen(undefined);
  return (
    <div className="flex flex-col gap-5">
      <Card title={w.plan} about={w.planAbout}
            actions={<><Button onClick={() => setOpen("pack")} icon="plus">{w.addPack}</Button><Button onClick={() => setOpen("plan")}>{w.choosePlan}</Button></>}>
        <Answer of={plan}>{(now) => <Now plan={now} />}</Answer>
      </Card>
      <Usage />
      {open === "plan" && <ChooseDialog now={plan.data?.plan} onClose={close} />}
      {open === "pack" && <PackDialog onClose={close} />}
    </div>
  );
}

function Now({ plan }: { plan: Plan }) {
  const w = useWords(texts);
  const f = useFormats();
  const all = plan.left + plan.used;
  return (
    <div className="flex flex-col gap-3">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-2xl font-semibold">{plan.title}</span>
        <span className="text-soft">{w.perMonth(f.number(plan.credits_per_month))}</span>
      </p>
      <div>
        <Meter label={w.usage} max={all} value={plan.used} className="mb-2 max-w-xl" />
        <p className="text-sm">{w.usedOf(f.number(plan.used), f.number(all))}</p>
        <p className="text-sm text-soft">
          {w.left(f.number(plan.left))}{plan.pack_credits > 0 && <>, {w.packsLeft(f.number(plan.pack_credits))}</>}
        </p>
      </div>
    </div>
  );
}

function ChooseDialog({ now, onClose }: { now: string | undefined; onClose: () => void }) {
  const w = useWords(texts);
  const c = useWords(common);
  const f = useFormats();
  const [plan, setPlan] = useState(plans.find((one) => one === now));
  const rehearsal = useRehearsal("choose_plan");
  const choose = useWrite("choose_plan", {
    onDone: (done) => {
      tell(w.planChosen(done.title));
      onClose();
    },
  });
  return (
    <FormDialog title={w.choosePlanTitle} action={w.choosePlan} busy={choose.isPending} disabled={plan === undefined || plan === now} onClose={onClose}
                problems={otherProblems(choose.error ?? rehearsal.error, [])} onSubmit={() => { if (plan) choose.mutate({ plan }); }}>
      <Choices label={w.plan} chosen={plan}
               onChoose={(id) => {
                 rehearsal.reset();
                 setPlan(id);
               }}
               choices={plans.map((id) => ({ id, label: w.planNames[id], ...(id === now ? { end: w.current } : {}) }))} />
      {plan !== undefined && plan !== now && (rehearsal.data
        ? (
          <>
            <p className="text-sm font-medium">{rehearsal.data.title}: {w.perMonth(f.number(rehearsal.data.credits_per_month))}</p>
            <Effect lines={rehearsal.data.effect} />
          </>
        )
        : <div><Button small busy={rehearsal.isPending} onClick={() => rehearsal.mutate({ plan })}>{c.tryFirst}</Button></div>)}
    </FormDialog>
  );
}

function PackDialog({ onClose }: { onClose: () => void }) {
  const w = useWords(texts);
  const c = useWords(common);
  const f = useFormats();
  const [credits, setCredits] = useState("1000");
  const rehearsal = useRehearsal("add_plan_pack");
  const add = useWrite("add_plan_pack", {
    onDone: (_, input) => {
      tell(w.packAdded(f.number(input.credits)));
      onClose();
    },
  });
  const error = add.error ?? rehearsal.error;
  const input = { credits: Number(credits) };
  return (
    <FormDialog title={w.addPackTitle} action={w.addPack} busy={add.isPending} disabled={!/^\d+$/.test(credits)} onClose={onClose} problems={otherProblems(error, ["credits"])}
                onSubmit={() => add.mutate(input)}>
      <p>{w.addPackAbout}</p>
      <TextField label={w.packCredits} inputMode="numeric" autoFocus value={credits} problem={problemOf(error, "credits")}
                 onChange={(event) => {
                   rehearsal.reset();
                   setCredits(event.target.value.trim());
                 }} />
      {rehearsal.data ? <Effect lines={rehearsal.data.effect} />
        : <div><Button small busy={rehearsal.isPending} disabled={!/^\d+$/.test(credits)} onClick={() => rehearsal.mutate(input)}>{c.tryFirst}</Button></div>}
    </FormDialog>
  );
}
