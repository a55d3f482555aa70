import { useLocation, useNavigate, useParams } from "@tanstack/react-router";

import type { OutputOf } from "~/api/client";
import { useRead, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Answer, Badge, Page } from "~/ui/page";
import { Tabs } from "~/ui/tabs";
import { tell, tellProblem } from "~/ui/toast";
import { flow as texts } from "~/words/flow";
import { serverIn } from "~/words/server";
import { useLanguage, useWords } from "~/words/words";
import { dataOf } from "./model";
import { ParametersTab } from "./parameters_tab";
import { valuesOf } from "./parameters";
import { RehearseTab } from "./rehearse_tab";
import { RunsTab } from "./runs_tab";
import { triggerInWords } from "./say";
import { ScheduleTab } from "./schedule_tab";
import { SettingsTab } from "./settings_tab";
import { StepsTab } from "./steps_tab";

export type WholeFlow = OutputOf<"get_flow">;

export default function FlowPage() {
  const w = useWords(texts);
  const { uuid = "" } = useParams({ strict: false }) as { uuid?: string };
  const read = useRead("get_flow", { flow_uuid: uuid });
  return (
    <Answer of={read}>
      {(whole) => <Shown key={uuid} whole={whole} back={w.title} />}
    </Answer>
  );
}

function Shown({ whole, back }: { whole: WholeFlow; back: string }) {
  const w = useWords(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  const hash = useLocation({ select: (location) => location.hash });
  const { flow } = whole;
  const run = useWrite("run_flow", {
    onDone: (made) => {
      tell(w.begun);
      void navigate({ to: `/flows/runs/${made.uuid}` });
    },
  });
  const enable = useWrite("update_flow", { onDone: (now) => tell(now.flow.enabled ? w.nowEnabled : w.nowDisabled) });
  const startsWithNothing = flow.trigger === "manual" || flow.trigger === "schedule";
  const tabs = [
    { id: "steps", label: w.tabs.steps, content: <StepsTab whole={whole} /> },
    ...(flow.parameters.length > 0 ? [{ id: "parameters", label: w.tabs.parameters, content: <ParametersTab whole={whole} /> }] : []),
    { id: "schedule", label: w.tabs.schedule, content: <ScheduleTab whole={whole} /> },
    { id: "runs", label: w.tabs.runs, content: <RunsTab uuid={flow.uuid} /> },
    { id: "rehearse", label: w.tabs.rehearse, content: <RehearseTab whole={whole} /> },
    { id: "settings", label: w.tabs.settings, content: <SettingsTab whole={whole} /> },
  ];
  return (
    <Page title={flow.name} back={{ to: "/flows", label: back }} about={(
      <>
        {flow.about && <p>{serverIn().say(flow.about)}</p>}
        <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
          <Badge tone={flow.enabled ? "good" : "plain"}>{flow.enabled ? w.enabled : w.disabled}</Badge>
          <span>{triggerInWords(dataOf(whole.definition)["trigger"], valuesOf(flow.parameters), w, language)}</span>
          <span aria-hidden="true" className="max-sm:hidden">·</span><span className="text-soft">{w.version(flow.version)}</span>
        </p>
      </>
    )} actions={(
      <>
        <Button icon={flow.enabled ? "pause" : "check"} busy={enable.isPending}
                onClick={() => enable.mutate({ flow_uuid: flow.uuid, enabled: !flow.enabled }, { onError: tellProblem })}>
          {flow.enabled ? w.disable : w.enable}
        </Button>
        {startsWithNothing && (
          <Button look="primary" icon="play" busy={run.isPending} onClick={() => run.mutate({ flow_uuid: flow.uuid }, { onError: tellProblem })}>{w.runNow}</Button>
        )}
      </>
    )}>
      <Tabs label={flow.name} tabs={tabs} chosen={tabs.some((tab) => tab.id === hash) ? hash : "steps"}
            onChoose={(id) => void navigate({ to: ".", hash: id, replace: true, resetScroll: false })} />
    </Page>
  );
}
