import { useState } from "react";

import { usePages } from "~/api/hooks";
import { Filter } from "~/ui/field";
import { Answer, Badge, Card, Empty } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { common } from "~/words/common";
import { flow } from "~/words/flow";
import { useFormats } from "~/words/format";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import { RunState, type RunStateName } from "./run_state";
import { spanBetween } from "./span";

const size = 30;

export function RunsTab({ uuid }: { uuid: string }) {
  const w = useWords(flow);
  const c = useWords(common);
  const f = useFormats();
  const [state, setState] = useState<RunStateName | "">("");
  const runs = usePages("list_flow_runs", { flow_uuid: uuid, limit: size, ...(state ? { state } : {}) }, {
    rows: (page) => page.runs,
    next: (page, input) => (page.runs.length < size ? null : { ...input, before: page.runs.at(-1)!.uuid }),
  });
  return (
    <Card flush title={w.tabs.runs} actions={(
      <Filter label={w.state} value={state} onChange={(event) => setState(event.target.value as RunStateName | "")}>
        <option value="">{c.allStates}</option>
        {(Object.keys(w.runStates) as RunStateName[]).map((one) => <option key={one} value={one}>{w.runStates[one]}</option>)}
      </Filter>
    )}>
      <Answer of={runs}>
        {() => (
          <Table label={w.tabs.runs} rows={runs.rows} keyOf={(run) => run.uuid} to={(run) => `/flows/runs/${run.uuid}`}
                 empty={<Empty icon="clock" title={state ? w.noRunsSo : w.noRuns}>{state ? "" : w.noRunsAbout}</Empty>}
                 more={{ has: runs.hasNextPage, busy: runs.isFetchingNextPage, load: () => void runs.fetchNextPage() }}
                 columns={[
                   { name: w.begunAt, cell: (run) => <time dateTime={run.created_at} title={f.exact(run.created_at)}>{f.moment(run.created_at)}</time> },
                   { name: c.state, cell: (run) => <span className="inline-flex flex-wrap gap-1.5"><RunState state={run.state} />{run.late && <Badge tone="warn">{w.late}</Badge>}{run.replay_of && <Badge>{w.replay}</Badge>}</span> },
                   { name: w.took, cell: (run) => (run.ended_at ? spanBetween(run.created_at, run.ended_at, w) : run.due_at ? <>{w.goesOn} <Moment at={run.due_at} /></> : "–") },
                   { name: w.versionName, number: true, minor: true, cell: (run) => run.version },
                   { name: w.outcome, cell: (run) => <span className="line-clamp-2 text-sm text-soft">{serverIn().say(run.problem) || "–"}</span>, className: "sm:w-2/5" },
                 ]} />
        )}
      </Answer>
    </Card>
  );
}
