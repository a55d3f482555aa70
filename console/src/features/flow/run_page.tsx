import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";

import type { OutputOf } from "~/api/client";
import { useRead, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { Answer, Badge, Card, Notice, Page } from "~/ui/page";
import { Json } from "~/ui/show";
import { tell, tellProblem } from "~/ui/toast";
import { flow as texts } from "~/words/flow";
import { useFormats } from "~/words/format";
import { serverIn } from "~/words/server";
import { useLanguage, useWords } from "~/words/words";
import { triggerIcons } from "./flows";
import { Graph, GraphArea, type Mark } from "./graph";
import { allSteps, dataOf, samePath, treeOf, type Path } from "./model";
import { valuesOf } from "./parameters";
import { stepId } from "./rehearse_tab";
import { isOver, RunState } from "./run_state";
import { RunStep } from "./run_step";
import { triggerInWords } from "./say";
import { spanBetween } from "./span";

export type WholeRun = OutputOf<"get_flow_run">;

export default function RunPage() {
  const { uuid = "" } = useParams({ strict: false }) as { uuid?: string };
  const [over, setOver] = useState(false);
  const read = useRead("get_flow_run", { run_uuid: uuid }, over ? {} : { every: 3_000 });
  if (read.data && isOver(read.data.run.state) !== over) setOver(!over);
  return <Answer of={read}>{(whole) => <Shown key={uuid} whole={whole} />}</Answer>;
}

const nobody = /^0{8}-/;

/** How each step of the drawing stands. Of one within a loop: the worst of its items. */
function marksOf(steps: WholeRun["steps"]): Map<string, Mark> {
  const order = ["skipped", "done", "waiting", "failed"] as const;
  const marks = new Map<string, Mark>();
  for (const step of steps) {
    const id = stepId(step.step);
    const old = marks.get(id);
    const state = old && order.indexOf(old.state) > order.indexOf(step.state) ? old.state : step.state;
    marks.set(id, { state, count: (old?.count ?? 0) + 1 });
  }
  return marks;
}

function Shown({ whole }: { whole: WholeRun }) {
  const w = useWords(texts);
  const f = useFormats();
  const language = useLanguage();
  const { run } = whole;
  const deleted = nobody.test(run.flow_uuid);
  const flow = useRead("get_flow", { flow_uuid: run.flow_uuid }, { enabled: !deleted });
  const marks = useMemo(() => marksOf(whole.steps), [whole.steps]);
  // Without the flow the steps that were taken are drawn one below the other.
  const definition = flow.data?.definition ?? { steps: whole.steps.filter((step) => !step.step.includes("[")).map((step) => ({ id: step.step, title: step.title, [step.kind]: {} })) };
  const steps = useMemo(() => treeOf(definition), [definition]);
  const [selected, setSelected] = useState<Path | null>(() => null);
  const attention = whole.steps.find((step) => step.state === "waiting" || step.state === "failed");
  const first = allSteps(steps).find((step) => attention ? step.id === stepId(attention.step) : marks.has(step.id));
  const shown = selected ?? first?.path ?? [];
  const step = allSteps(steps).find((one) => samePath(one.path, shown)) ?? null;
  const other = flow.data && flow.data.flow.version !== run.version;
  const trigger = dataOf(flow.data?.definition)["trigger"];
  return (
    <Page title={run.flow || w.deletedFlow} back={deleted ? { to: "/flows", label: w.title } : { to: `/flows/${run.flow_uuid}`, label: w.toFlow }}
          about={(
            <p className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-sm">
              <RunState state={run.state} />
              {run.late && <Badge tone="warn">{w.late}</Badge>}
              <time dateTime={run.created_at} title={f.exact(run.created_at)}>{f.moment(run.created_at)}</time>
              {run.ended_at && <span>{w.tookAll(spanBetween(run.created_at, run.ended_at, w))}</span>}
              {!run.ended_at && run.due_at && <span>{w.goesOn} {f.relative(run.due_at)}</span>}
              <span>{w.version(run.version)}</span>
              {run.replay_of && <Link to={`/flows/runs/${run.replay_of}`} className="underline">{w.replayOf}</Link>}
            </p>
          )}
          actions={<Deeds whole={whole} newer={other === true} deleted={deleted} />}>
      <div className="flex flex-col gap-4">
        {run.problem !== "" && <Notice tone={run.state === "failed" ? "bad" : "plain"}>{serverIn().say(run.problem)}</Notice>}
        {other && <Notice>{w.otherVersion(run.version, flow.data!.flow.version)}</Notice>}
        <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,25rem)]">
          <Card title={w.runGraph} about={w.legend}>
            <GraphArea label={w.runGraph}>
              <Graph label={w.runGraph} steps={steps} marks={marks} selected={shown} onSelect={setSelected}
                     trigger={{ icon: triggerIcons[flow.data?.flow.trigger ?? ""] ?? "play", title: w.triggerKinds[flow.data?.flow.trigger ?? ""] ?? w.begun,
                                about: flow.data ? triggerInWords(trigger, valuesOf(flow.data.flow.parameters), w, language) : f.moment(run.created_at) }} />
            </GraphArea>
          </Card>
          <Card className="lg:sticky lg:top-4">
            {shown.length === 0 || !step
              ? (
                <div className="flex flex-col gap-3">
                  <h3 className="font-semibold">{w.startedIt}</h3>
                  <Json label={w.startedIt} value={whole.trigger} />
                  {whole.output !== null && <><h3 className="font-semibold">{w.answered}</h3><Json label={w.answered} value={whole.output} /></>}
                </div>
              )
              : <RunStep key={step.id} run={run} step={step} records={whole.steps.filter((one) => stepId(one.step) === step.id)} />}
          </Card>
        </div>
      </div>
    </Page>
  );
}

function Deeds({ whole, newer, deleted }: { whole: WholeRun; newer: boolean; deleted: boolean }) {
  const w = useWords(texts);
  const navigate = useNavigate();
  const { uuid, state } = whole.run;
  const [asks, setAsks] = useState(false);
  const pause = useWrite("pause_flow_run", { onDone: () => tell(w.nowPaused) });
  const resume = useWrite("resume_flow_run", { onDone: () => tell(w.nowResumed) });
  const upgrade = useWrite("upgrade_flow_run", { onDone: (run) => tell(w.nowUpgraded(run.version)) });
  const cancel = useWrite("cancel_flow_run", { onDone: () => { setAsks(false); tell(w.nowCancelled); } });
  const replay = useWrite("replay_flow_run", { onDone: (run) => void navigate({ to: `/flows/runs/${run.uuid}` }) });
  const input = { run_uuid: uuid };
  const failed = { onError: tellProblem };
  if (isOver(state)) {
    return deleted ? null : <Button icon="retry" busy={replay.isPending} onClick={() => replay.mutate(input, failed)}>{w.replayRun}</Button>;
  }
  return (
    <>
      {state === "paused"
        ? <Button look="primary" icon="play" busy={resume.isPending} onClick={() => resume.mutate(input, failed)}>{w.resume}</Button>
        : <Button icon="pause" busy={pause.isPending} onClick={() => pause.mutate(input, failed)}>{w.pause}</Button>}
      {newer && <Button icon="upload" busy={upgrade.isPending} onClick={() => upgrade.mutate(input, failed)}>{w.upgrade}</Button>}
      <Button look="danger" icon="stop" onClick={() => setAsks(true)}>{w.cancelRun}</Button>
      {asks && (
        <FormDialog title={w.cancelAsk} action={w.cancelRun} danger busy={cancel.isPending} onClose={() => setAsks(false)} onSubmit={() => cancel.mutate(input, failed)}>
          <p>{w.cancelAbout}</p>
        </FormDialog>
      )}
    </>
  );
}
