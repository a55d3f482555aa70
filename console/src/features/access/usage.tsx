import { useState } from "react";

import { type OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import { useTools } from "~/features/persona/tools";
import { Chart, type Series } from "~/ui/chart";
import { SelectField, TextField } from "~/ui/field";
import { Answer, Card, Empty } from "~/ui/page";
import { Table } from "~/ui/table";
import { useFormats } from "~/words/format";
import { settings as texts } from "~/words/settings";
import { useWords } from "~/words/words";

type Row = OutputOf<"get_plan_usage">["usage"][number];
type Split = "persona" | "tool";

const seriesMax = 5;

/** A day of the reader's calendar, as "2026-11-29". */
function dayBefore(days: number): string {
  const day = new Date();
  day.setDate(day.getDate() - days);
  return [day.getFullYear(), String(day.getMonth() + 1).padStart(2, "0"), String(day.getDate()).padStart(2, "0")].join("-");
}

function daysOf(from: string, until: string): string[] {
  const days: string[] = [];
  const last = Date.parse(until);
  for (let at = Date.parse(from); at <= last && days.length < 400; at += 86_400_000) days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

/** The biggest ones by name, the rest as one. */
function seriesOf(rows: Row[], days: string[], split: Split, others: string, called: (name: string) => string): Series[] {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(row[split], (sums.get(row[split]) ?? 0) + row.plan_credits);
  const biggest = [...sums].sort(([, a], [, b]) => b - a).slice(0, seriesMax).map(([name]) => name);
  const names = sums.size > seriesMax ? [...biggest, others] : biggest;
  return names.map((name) => ({
    name: name === others ? name : called(name),
    values: days.map((day) => rows
      .filter((row) => row.day === day && (name === others && !biggest.includes(row[split]) || row[split] === name))
      .reduce((sum, row) => sum + row.plan_credits, 0)),
  }));
}

function totals(rows: Row[]): Row[] {
  const sums = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.persona_uuid} ${row.tool}`;
    const sum = sums.get(key);
    sums.set(key, sum ? { ...sum, calls: sum.calls + row.calls, plan_credits: sum.plan_credits + row.plan_credits, points: sum.points + row.points } : row);
  }
  return [...sums.values()].sort((a, b) => b.plan_credits - a.plan_credits);
}

export function Usage() {
  const w = useWords(texts);
  const f = useFormats();
  const tools = useTools();
  const [from, setFrom] = useState(() => dayBefore(29));
  const [until, setUntil] = useState(() => dayBefore(0));
  const [persona, setPersona] = useState("");
  const [split, setSplit] = useState<Split>("persona");
  const personas = useRead("list_personas", {});
  const input = { from: from || null, until: until || null, persona_uuid: persona || null };
  const usage = useRead("get_plan_usage", input, { keep: true });
  const days = daysOf(from, until);
  return (
    <>
      <div className="grid grid-cols-2 gap-3 md:max-w-3xl md:grid-cols-4">
        <TextField label={w.from} type="date" value={from} onChange={(event) => setFrom(event.target.value)} />
        <TextField label={w.until} type="date" value={until} onChange={(event) => setUntil(event.target.value)} />
        <SelectField label={w.persona} value={persona} onChange={(event) => setPersona(event.target.value)}>
          <option value="">{w.allPersonas}</option>
          {personas.data?.personas.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
        </SelectField>
        <SelectField label={w.by} value={split} onChange={(event) => setSplit(event.target.value === "tool" ? "tool" : "persona")}>
          <option value="persona">{w.splits.persona}</option>
          <option value="tool">{w.splits.tool}</option>
        </SelectField>
      </div>
      <Answer of={usage}>
        {({ usage: rows }) => rows.length === 0
          ? <Card title={w.usage}><Empty icon="insights" title={w.noUsage}>{w.noUsageAbout}</Empty></Card>
          : (
            <>
              <Chart title={w.usage} about={w.usageAbout} kind="stacked" labelName={w.day} labels={days.map((day) => (days.length < 365 ? f.shortDay : f.day)(`${day}T12:00:00`))}
                     series={seriesOf(rows, days, split, w.others, split === "tool" ? tools.title : (name) => name)} query={`get_plan_usage ${JSON.stringify(input)}`} />
              <Card title={w.byTool} flush>
                <Table label={w.byTool} rows={totals(rows)} keyOf={(row) => `${row.persona_uuid} ${row.tool}`}
                       columns={[
                         { name: w.persona, cell: (row) => row.persona },
                         { name: w.tool, cell: (row) => tools.title(row.tool) },
                         { name: w.calls, number: true, cell: (row) => f.number(row.calls) },
                         { name: w.planCredits, number: true, cell: (row) => f.number(row.plan_credits) },
                         { name: w.points, number: true, cell: (row) => f.number(row.points) },
                       ]} />
              </Card>
            </>
          )}
      </Answer>
    </>
  );
}
