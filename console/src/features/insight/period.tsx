// Which days the figures are of: kept in the address, so that it can be passed on.

import { useNavigate, useSearch } from "@tanstack/react-router";

import { TextField } from "~/ui/field";
import { OneOf } from "~/ui/one_of";
import { insight } from "~/words/insight";
import { useWords } from "~/words/words";

export type Unit = "day" | "week" | "month";
export interface Period {
  from: string;
  to: string;
  by: Unit;
}

const isDate = (text: unknown): text is string => typeof text === "string" && /^\d{4}-\d{2}-\d{2}$/.test(text);

export function dateOf(time: Date): string {
  return `${time.getFullYear()}-${String(time.getMonth() + 1).padStart(2, "0")}-${String(time.getDate()).padStart(2, "0")}`;
}

/** The last 30 days, 13 weeks or 12 months until today. */
export function lastOf(by: Unit, today = new Date()): Period {
  const from = new Date(today);
  if (by === "day") from.setDate(from.getDate() - 29);
  if (by === "week") from.setDate(from.getDate() - 7 * 12);
  if (by === "month") from.setFullYear(from.getFullYear(), from.getMonth() - 11, 1);
  return { from: dateOf(from), to: dateOf(today), by };
}

export function usePeriod(): [Period, (period: Period) => void] {
  const given = useSearch({ strict: false }) as Partial<Record<keyof Period, unknown>>;
  const navigate = useNavigate();
  const by: Unit = given.by === "day" || given.by === "week" || given.by === "month" ? given.by : "month";
  const usual = lastOf(by);
  const period = { by, from: isDate(given.from) ? given.from : usual.from, to: isDate(given.to) ? given.to : usual.to };
  return [period, (next) => void navigate({ to: "/insights", search: next as never, replace: true, resetScroll: false })];
}

export function PeriodPicker({ period, onChange }: { period: Period; onChange: (period: Period) => void }) {
  const w = useWords(insight);
  return (
    <div className="flex flex-wrap items-end gap-3">
      <OneOf label={w.by} chosen={period.by} onChoose={(unit) => onChange(lastOf(unit))}
             ways={(["day", "week", "month"] as const).map((unit) => ({ id: unit, label: w.units[unit] }))} />
      <TextField label={w.from} type="date" value={period.from} max={period.to} onChange={(event) => isDate(event.target.value) && onChange({ ...period, from: event.target.value })} />
      <TextField label={w.to} type="date" value={period.to} min={period.from} onChange={(event) => isDate(event.target.value) && onChange({ ...period, to: event.target.value })} />
    </div>
  );
}
