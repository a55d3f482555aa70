// Walks through a flow without changing anything, and tells step by step what it would do.

import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Problems } from "~/ui/field";
import { Icon } from "~/ui/icon";
import { Answer, Card } from "~/ui/page";
import { Effect, Json } from "~/ui/show";
import { flow as texts } from "~/words/flow";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import type { WholeFlow } from "./flow_page";
import { allSteps, kindIcons, kinds, treeOf, type Data, type Step } from "./model";
import { titleOf } from "./say";
import { ValueField } from "./value_field";

type Line = OutputOf<"rehearse_flow">["steps"][number];

const ymd = (time: number) => new Date(time).toISOString().slice(0, 10);

/** What a trigger of its kind says, to begin with. */
function example(kind: string): Data {
  if (kind === "schedule") {
    const now = Date.now();
    return { date: ymd(now), yesterday: ymd(now - 86_400_000), time: "09:00", zone: "UTC", at: new Date(now).toISOString(), late: false };
  }
  if (kind === "form") return { uuid: "", form_uuid: "", contact: { uuid: "", email: "ann@example.com" }, answers: {} };
  return {};
}

export function RehearseTab({ whole }: { whole: WholeFlow }) {
  const w = useWords(texts);
  const { flow } = whole;
  const name = flow.trigger === "schedule" ? "tick" : flow.trigger === "form" || flow.trigger === "event" ? "event" : "input";
  const [given, setGiven] = useState<unknown>(() => example(flow.trigger));
  const [asked, setAsked] = useState<{ given: unknown } | null>(null);
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,24rem)_minmax(0,1fr)]">
      <Card title={w.rehearseTitle} about={w.rehearseAbout}>
        <ValueField label={w.startedWith[name]} hint={w.startedWithHint} value={given} onChange={setGiven} />
        <Button look="primary" icon="play" className="mt-4" onClick={() => setAsked({ given })}>{w.rehearseNow}</Button>
      </Card>
      {asked
        ? <Result key={JSON.stringify(asked)} whole={whole} input={{ flow_uuid: flow.uuid, [name]: asked.given ?? {} }} />
        : <Card><p className="text-soft">{w.rehearseNothing}</p></Card>}
    </div>
  );
}

function Result({ whole, input }: { whole: WholeFlow; input: { flow_uuid: string } & Data }) {
  const w = useWords(texts);
  const read = useRead("rehearse_flow", input);
  const steps = new Map(allSteps(treeOf(whole.definition)).map((step) => [step.id, step]));
  if (read.error && !read.data) return <Card><Problems of={otherProblems(read.error, [])} /></Card>;
  return (
    <Card title={w.wouldDo} about={w.nothingDone}>
      <Answer of={read}>
        {(data) => (
          <ol aria-label={w.wouldDo} className="flex flex-col">
            {data.steps.map((line, at) => <Would key={`${at} ${line.step}`} line={line} step={steps.get(stepId(line.step))} last={at === data.steps.length - 1} />)}
            {data.steps.length === 0 && <li className="text-soft">{w.nothingToDo}</li>}
          </ol>
        )}
      </Answer>
    </Card>
  );
}

/** "tell[0].message" is the step "message". */
export function stepId(place: string): string {
  return place.split(".").at(-1)!.replace(/\[\d+\]$/, "");
}

function Would({ line, step, last }: { line: Line; step: Step | undefined; last: boolean }) {
  const w = useWords(texts);
  const kind = kinds.find((one) => one === line.kind);
  const loop = /\[(\d+)\]/.exec(line.step)?.[1];
  return (
    <li className="relative flex gap-3 pb-5">
      {!last && <span aria-hidden="true" className="absolute top-9 bottom-0 left-4.5 w-px bg-line" />}
      <span className="grid size-9 shrink-0 place-items-center rounded-lg bg-blush text-pink"><Icon name={kind ? kindIcons[kind] : "tool"} /></span>
      <div className="min-w-0 grow">
        <p className="font-medium">
          {step ? titleOf(step, w) : line.step}
          {loop !== undefined && <span className="ml-2 text-sm font-normal text-soft">{w.item(Number(loop) + 1)}</span>}
        </p>
        <p className="text-sm text-soft">{serverIn().say(line.would)}</p>
        {line.effects.length > 0 && <div className="mt-2"><Effect lines={line.effects} /></div>}
        {line.tool !== "" && (
          <details className="mt-2 text-sm">
            <summary className="text-soft">{w.inDetail(line.tool)}</summary>
            <div className="mt-2 flex flex-col gap-2">
              <Json label={w.input} value={line.input} />
              {line.output !== null && <Json label={w.output} value={line.output} />}
            </div>
          </details>
        )}
      </div>
    </li>
  );
}

