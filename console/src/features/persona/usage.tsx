import { useId, useState } from "react";

import { useRead } from "~/api/hooks";
import { Chart } from "~/ui/chart";
import { Answer, Card, Empty } from "~/ui/page";
import { Table } from "~/ui/table";
import { useFormats } from "~/words/format";
import { persona } from "~/words/persona";
import { useWords } from "~/words/words";
import { useTools, type Persona } from "./tools";

const periods = [7, 30, 90];
const dayMs = 86_400_000;

function daysUntilToday(count: number): string[] {
  return Array.from({ length: count }, (_, at) => new Date(Date.now() - (count - 1 - at) * dayMs).toISOString().slice(0, 10));
}

/** What it did and spent. */
export function Usage({ of }: { of: Persona }) {
  const w = useWords(persona);
  const f = useFormats();
  const tools = useTools();
  const id = useId();
  const [period, setPeriod] = useState(30);
  const days = daysUntilToday(period);
  const input = { persona_uuid: of.uuid, from: days[0]! };
  const read = useRead("get_plan_usage", input, { keep: true });
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-2">
        <label htmlFor={id} className="text-sm text-soft">{w.period}</label>
        <select id={id} value={period} onChange={(event) => setPeriod(Number(event.target.value))} className="rounded-lg border border-edge/70 bg-paper px-3 py-1.5">
          {periods.map((one) => <option key={one} value={one}>{w.lastDays(one)}</option>)}
        </select>
      </div>
      <Answer of={read}>
        {({ usage }) => {
          if (usage.length === 0) return <Card><Empty icon="insights" title={w.noUsage} /></Card>;
          const byDay = new Map<string, number>();
          const byTool = new Map<string, { tool: string; calls: number; credits: number; points: number }>();
          for (const one of usage) {
            byDay.set(one.day, (byDay.get(one.day) ?? 0) + one.plan_credits);
            const sum = byTool.get(one.tool) ?? { tool: one.tool, calls: 0, credits: 0, points: 0 };
            byTool.set(one.tool, { tool: one.tool, calls: sum.calls + one.calls, credits: sum.credits + one.plan_credits, points: sum.points + one.points });
          }
          return (
            <>
              <Chart title={w.creditsByDay} kind="bar" labelName={w.day} labels={days.map((day) => f.shortDay(`${day}T12:00:00`))}
                     series={[{ name: w.planCredits, values: days.map((day) => byDay.get(day) ?? 0) }]}
                     query={`get_plan_usage ${JSON.stringify(input)}`} />
              <Card flush title={w.byTool}>
                <Table label={w.byTool} keyOf={(one) => one.tool} rows={[...byTool.values()].sort((a, b) => b.credits - a.credits || b.calls - a.calls)}
                       columns={[
                         { name: w.tool, cell: (one) => tools.title(one.tool) },
                         { name: w.calls, number: true, cell: (one) => f.number(one.calls) },
                         { name: w.planCredits, number: true, cell: (one) => f.number(one.credits) },
                         { name: w.points, number: true, cell: (one) => f.number(one.points) },
                       ]} />
              </Card>
            </>
          );
        }}
      </Answer>
    </div>
  );
}
