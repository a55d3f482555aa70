import { useState } from "react";

import { useRead, type ReadOptions } from "~/api/hooks";
import type { OutputOf } from "~/api/client";
import { Button } from "~/ui/button";
import { Icon, type IconName } from "~/ui/icon";
import { Answer, Badge, Card, Empty, Page } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { flow } from "~/words/flow";
import { useFormats } from "~/words/format";
import { useServer } from "~/words/server";
import { useLanguage, useWords } from "~/words/words";
import { Create } from "./create";
import { Install, type Template } from "./install";
import { dataOf } from "./model";
import { valuesOf } from "./parameters";
import { RunState } from "./run_state";
import { toolName, triggerInWords } from "./say";

type Flow = OutputOf<"list_flows">["flows"][number];

export const triggerIcons: Record<string, IconName> = {
  event: "star", form: "form", schedule: "calendar", webhook: "integrations", manual: "play",
};

export default function Flows() {
  const w = useWords(flow);
  const flows = useRead("list_flows", {});
  const templates = useRead("list_flow_templates", {});
  const [chosen, setChosen] = useState<Template | null>(null);
  const [creating, setCreating] = useState(false);
  return (
    <Page title={w.title} about={w.about} actions={<Button look="primary" icon="plus" onClick={() => setCreating(true)}>{w.newFlow}</Button>}>
      <div className="flex flex-col gap-6">
        <Card flush title={w.yours}>
          <Answer of={flows}>{(data) => <List flows={data.flows} />}</Answer>
        </Card>
        <section aria-labelledby="templates">
          <h2 id="templates" className="text-base font-semibold">{w.templates}</h2>
          <p className="mb-3 text-sm text-soft">{w.templatesAbout}</p>
          <Answer of={templates}>
            {(data) => (
              <ul className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
                {data.templates.map((template) => <Tile key={template.name} template={template} onUse={() => setChosen(template)} />)}
              </ul>
            )}
          </Answer>
        </section>
      </div>
      {chosen && <Install template={chosen} onClose={() => setChosen(null)} />}
      {creating && <Create onClose={() => setCreating(false)} />}
    </Page>
  );
}

function List({ flows }: { flows: Flow[] }) {
  const w = useWords(flow);
  const f = useFormats();
  return (
    <Table label={w.yours} rows={flows} keyOf={(one) => one.uuid} to={(one) => `/flows/${one.uuid}`}
           empty={<Empty icon="flow" title={w.empty}>{w.emptyAbout}</Empty>}
           columns={[
             { name: w.flowName, cell: (one) => one.name },
             { name: w.startedBy, cell: (one) => <StartedBy flow={one} />, className: "sm:w-72" },
             { name: w.state, cell: (one) => <Badge tone={one.enabled ? "good" : "plain"}>{one.enabled ? w.enabled : w.disabled}</Badge> },
             { name: w.nextRun, cell: (one) => (one.enabled && one.next_runs[0] ? <time dateTime={one.next_runs[0]} title={f.exact(one.next_runs[0])}>{f.relative(one.next_runs[0])}</time> : "–") },
             { name: w.lastRun, cell: (one) => <LastRun uuid={one.uuid} /> },
           ]} />
  );
}

const quiet: ReadOptions = { keep: true };

function StartedBy({ flow: one }: { flow: Flow }) {
  const w = useWords(flow);
  const language = useLanguage();
  const whole = useRead("get_flow", { flow_uuid: one.uuid }, quiet);
  return (
    <span className="inline-flex items-start justify-end gap-2 sm:justify-start">
      <Icon name={triggerIcons[one.trigger] ?? "play"} className="mt-0.5 size-4.5 text-soft max-sm:hidden" />
      <span className="min-w-0">{whole.data ? triggerInWords(dataOf(whole.data.definition)["trigger"], valuesOf(one.parameters), w, language) : "…"}</span>
    </span>
  );
}

function LastRun({ uuid }: { uuid: string }) {
  const w = useWords(flow);
  const runs = useRead("list_flow_runs", { flow_uuid: uuid, limit: 1 }, quiet);
  const run = runs.data?.runs[0];
  if (!run) return <span className="text-soft">{runs.data ? w.never : "…"}</span>;
  return <span className="inline-flex flex-wrap items-center justify-end gap-x-2 sm:justify-start"><RunState state={run.state} /><span className="text-sm text-soft"><Moment at={run.created_at} /></span></span>;
}

const looks: Record<string, { icon: IconName; tone: string }> = {
  lead_magnet: { icon: "form", tone: "bg-blush text-pink" },
  daily_rollup: { icon: "chat", tone: "bg-info-soft text-info" },
  segment_refresh: { icon: "segment", tone: "bg-good-soft text-good" },
};

function Tile({ template, onUse }: { template: Template; onUse: () => void }) {
  const w = useWords(flow);
  const { title, about } = w.shipped[template.name] ?? template;
  const server = useServer();
  const look = looks[template.name] ?? { icon: "flow" as const, tone: "bg-sunk text-ink" };
  return (
    <li className="flex flex-col rounded-2xl border border-line bg-paper p-5">
      <div className={`mb-3 grid size-11 place-items-center rounded-xl ${look.tone}`}><Icon name={look.icon} className="size-6" /></div>
      <h3 className="font-semibold">{title}</h3>
      <p className="mt-1 text-sm text-soft">{about}</p>
      <dl className="mt-3 flex grow flex-col gap-2 text-sm">
        <div><dt className="inline font-medium">{w.needsToKnow} </dt><dd className="inline text-soft">{template.parameters.map((one) => server.say(one.label).toLowerCase()).join(", ")}</dd></div>
        <div><dt className="inline font-medium">{w.needsTools} </dt><dd className="inline text-soft">{template.tools.map((one) => toolName(one, server).toLowerCase()).join(", ")}</dd></div>
      </dl>
      <Button className="mt-4" onClick={onUse} aria-label={`${w.use}: ${title}`}>{w.use}</Button>
    </li>
  );
}
