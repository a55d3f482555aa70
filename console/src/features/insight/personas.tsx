import type { OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import { Chart } from "~/ui/chart";
import { Answer, Card, Empty } from "~/ui/page";
import { insight } from "~/words/insight";
import { useWords } from "~/words/words";
import { useLabel } from "./loyalty";
import type { Period } from "./period";
import { queryOf } from "./query";

type Usage = OutputOf<"get_plan_usage">["usage"];

/** The first day of the period that a day is in: weeks begin on Monday. */
function beginOf(day: string, by: Period["by"]): string {
  if (by === "month") return `${day.slice(0, 7)}-01`;
  if (by === "day") return day;
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}

function sums(usage: Usage, by: Period["by"]): { days: string[]; series: { name: string; values: number[] }[] } {
  const days = [...new Set(usage.map((one) => beginOf(one.day.slice(0, 10), by)))].sort();
  const names = [...new Set(usage.map((one) => one.persona))];
  const series = names.map((name) => ({
    name, values: days.map((day) => usage.filter((one) => one.persona === name && beginOf(one.day.slice(0, 10), by) === day).reduce((sum, one) => sum + one.plan_credits, 0)),
  }));
  return { days, series };
}

/** What personas did, by what it cost of the plan. */
export function Personas({ period }: { period: Period }) {
  const w = useWords(insight);
  const label = useLabel(period.by);
  const input = { from: period.from, until: period.to };
  const read = useRead("get_plan_usage", input, { keep: true });
  return (
    <Answer of={read}>
      {({ usage }) => {
        if (usage.length === 0) return <Card title={w.personas} about={w.personasAbout}><Empty icon="persona" title={w.noUsage} /></Card>;
        const { days, series } = sums(usage, period.by);
        return <Chart title={w.personas} about={w.personasAbout} kind="stacked" labels={days.map(label)} labelName={w.periodNames[period.by]} series={series} query={queryOf("get_plan_usage", input)} />;
      }}
    </Answer>
  );
}
