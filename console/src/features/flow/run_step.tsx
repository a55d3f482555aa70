// What one step of a run was given and answered; of one within a loop, for each item.

import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { otherProblems, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Problems, SelectField, TextField } from "~/ui/field";
import { Icon, type IconName } from "~/ui/icon";
import { Badge, type Tone } from "~/ui/page";
import { Json } from "~/ui/show";
import { Facts } from "~/ui/table";
import { tell, tellProblem } from "~/ui/toast";
import { flow } from "~/words/flow";
import { useFormats } from "~/words/format";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import { dataOf, textOf, type Step } from "./model";
import type { WholeRun } from "./run_page";
import { isOver } from "./run_state";
import { titleOf } from "./say";
import { spanBetween } from "./span";

type Record = WholeRun["steps"][number];

const looks: { [State in Record["state"]]: { tone: Tone; icon: IconName } } = {
  done: { tone: "good", icon: "check" }, failed: { tone: "bad", icon: "close" }, waiting: { tone: "warn", icon: "clock" }, skipped: { tone: "plain", icon: "right" },
};

export function RunStep({ run, step, records }: { run: WholeRun["run"]; step: Step; records: Record[] }) {
  const w = useWords(flow);
  const navigate = useNavigate();
  const [at, setAt] = useState(0);
  const replay = useWrite("replay_flow_run", {
    onDone: (made) => {
      tell(w.begun);
      void navigate({ to: `/flows/runs/${made.uuid}` });
    },
  });
  const record = records[Math.min(at, records.length - 1)];
  return (
    <div className="flex flex-col gap-4">
      <div>
        <h3 className="font-semibold">{titleOf(step, w)}</h3>
        <p className="text-sm text-soft">{step.kind ? w.kindAbout[step.kind] : ""}</p>
      </div>
      {records.length > 1 && (
        <SelectField label={w.whichItem} value={String(at)} onChange={(event) => setAt(Number(event.target.value))}>
          {records.map((one, index) => <option key={one.step} value={index}>{`${index + 1}. ${w.marks[one.state]}`}</option>)}
        </SelectField>
      )}
      {record ? <Recorded key={record.step} run={run} record={record} /> : <p className="text-soft">{w.notReached}</p>}
      {isOver(run.state) && record && (
        <div className="border-t border-line pt-3">
          <Button small icon="retry" busy={replay.isPending} onClick={() => replay.mutate({ run_uuid: run.uuid, from_step: step.id }, { onError: tellProblem })}>{w.replayFrom}</Button>
          <p className="mt-1.5 text-sm text-soft">{w.replayFromAbout}</p>
        </div>
      )}
    </div>
  );
}

function Recorded({ run, record }: { run: WholeRun["run"]; record: Record }) {
  const w = useWords(flow);
  const f = useFormats();
  const look = looks[record.state];
  const asks = record.kind === "approve" && record.state === "waiting" && !isOver(run.state);
  const approval = textOf(dataOf(record.output)["approval"]);
  return (
    <>
      <Facts of={[
        [w.state, <Badge key="state" tone={look.tone}><Icon name={look.icon} className="size-3.5" />{w.marks[record.state]}</Badge>],
        [w.begunAt, f.moment(record.started_at)],
        ...(record.ended_at ? [[w.took, spanBetween(record.started_at, record.ended_at, w)] as [string, string]] : []),
        ...(record.due_at && record.state === "waiting" ? [[w.goesOn, f.relative(record.due_at)] as [string, string]] : []),
        ...(record.attempts > 1 ? [[w.attempts, f.number(record.attempts)] as [string, string]] : []),
      ]} />
      {record.problem !== "" && <Problems of={[serverIn().say(record.problem)]} />}
      {asks && <Decide run={run} step={record.step} />}
      {record.kind === "call" && record.state === "waiting" && approval !== "" && (
        <a href={`/approvals/${approval}`} className="font-medium text-pink underline">{w.toApproval}</a>
      )}
      {record.input !== null && <div><p className="mb-1 text-sm font-medium">{w.input}</p><Json label={w.input} value={record.input} /></div>}
      {record.output !== null && <div><p className="mb-1 text-sm font-medium">{w.output}</p><Json label={w.output} value={record.output} /></div>}
    </>
  );
}

/** The question of a step that waits for a person. */
function Decide({ run, step }: { run: WholeRun["run"]; step: string }) {
  const w = useWords(flow);
  const [note, setNote] = useState("");
  const decide = useWrite("decide_flow_step", { onDone: (_, input) => tell(input.approved ? w.saidYes : w.saidNo) });
  const say = (approved: boolean) => decide.mutate({ run_uuid: run.uuid, step, approved, ...(note ? { note } : {}) });
  return (
    <div className="flex flex-col gap-3 rounded-xl border border-warn/50 bg-warn-soft/40 p-4">
      <p className="font-medium">{w.waitsForYou}</p>
      <TextField label={w.note} optional value={note} onChange={(event) => setNote(event.target.value)} />
      <Problems of={otherProblems(decide.error, [])} />
      <div className="flex gap-2">
        <Button look="primary" icon="check" busy={decide.isPending} onClick={() => say(true)}>{w.sayYes}</Button>
        <Button look="danger" icon="close" busy={decide.isPending} onClick={() => say(false)}>{w.sayNo}</Button>
      </div>
    </div>
  );
}
