// When a flow starts by the clock: days, hours and zone, and the next five times of them.

import { useState } from "react";

import { otherProblems, useWrite } from "~/api/hooks";
import { Button, Buttons, IconButton } from "~/ui/button";
import { join } from "~/ui/class";
import { Problems, SelectField, TextField } from "~/ui/field";
import { Card, Empty, Notice } from "~/ui/page";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { flow as texts } from "~/words/flow";
import { locales } from "~/words/format";
import { useLanguage, useWords } from "~/words/words";
import type { WholeFlow } from "./flow_page";
import { dataOf, listOf, textOf, withAt, type Data } from "./model";
import { valuesOf, ZoneField } from "./parameters";
import { weekdayNames } from "./say";
import { isTime, nextRuns, parameterIn, recurrenceOf, weekdays, type Recurrence } from "./schedule";

export function ScheduleTab({ whole }: { whole: WholeFlow }) {
  const trigger = dataOf(dataOf(whole.definition)["trigger"]);
  if (!trigger["schedule"]) return <NoSchedule whole={whole} />;
  return <Schedule whole={whole} schedule={dataOf(trigger["schedule"])} />;
}

function NoSchedule({ whole }: { whole: WholeFlow }) {
  const w = useWords(texts);
  const save = useWrite("update_flow", { onDone: () => tell(w.scheduleMade) });
  const make = () => save.mutate({
    flow_uuid: whole.flow.uuid, definition: withAt(whole.definition, ["trigger"], { schedule: { zone: "", times: ["09:00"] } }),
  });
  return (
    <Card>
      <Empty icon="calendar" title={w.noSchedule} action={<Button busy={save.isPending} onClick={make}>{w.makeSchedule}</Button>}>
        {w.noScheduleAbout(w.triggerKinds[whole.flow.trigger] ?? whole.flow.trigger)}
      </Empty>
      <Problems of={otherProblems(save.error, [])} />
    </Card>
  );
}

/** Writes a recurrence where the flow keeps it: times and zone may be parameters. */
function written(whole: WholeFlow, schedule: Data, next: Recurrence): { definition?: unknown; parameters: Data } {
  const parameters: Data = {};
  const keep = (old: unknown, value: string) => {
    const name = parameterIn(textOf(old));
    if (name === null) return value;
    parameters[name] = value === "" ? null : value;
    return textOf(old);
  };
  const old = listOf(schedule["times"]);
  let definition = withAt(whole.definition, ["trigger", "schedule", "zone"], keep(schedule["zone"], next.zone));
  definition = withAt(definition, ["trigger", "schedule", "times"], next.times.map((time, at) => keep(old[at], time)));
  definition = withAt(definition, ["trigger", "schedule", "weekdays"], next.weekdays.length === 0 ? undefined : next.weekdays);
  definition = withAt(definition, ["trigger", "schedule", "month_days"], next.monthDays.length === 0 ? undefined : next.monthDays);
  for (const name of ["catch_up", "overlap"]) definition = withAt(definition, ["trigger", "schedule", name], schedule[name]);
  // A change of parameters alone makes no new version.
  const same = JSON.stringify(definition) === JSON.stringify(whole.definition);
  return { ...(same ? {} : { definition }), parameters };
}

function Schedule({ whole, schedule: saved }: { whole: WholeFlow; schedule: Data }) {
  const w = useWords(texts);
  const c = useWords(common);
  const language = useLanguage();
  const names = weekdayNames(language);
  const values = valuesOf(whole.flow.parameters);
  const [changed, setChanged] = useState<{ recurrence: Recurrence; schedule: Data } | null>(null);
  const schedule = changed?.schedule ?? saved;
  const recurrence = changed?.recurrence ?? recurrenceOf(saved, values);
  const set = (next: Partial<Recurrence>) => setChanged({ schedule, recurrence: { ...recurrence, ...next } });
  const setOther = (name: string, value: string) => setChanged({ recurrence, schedule: { ...schedule, [name]: value === "" ? undefined : value } });
  const save = useWrite("update_flow", {
    onDone: () => {
      setChanged(null);
      tell(c.saved);
    },
  });
  const toggle = (day: (typeof weekdays)[number]) => {
    const chosen = recurrence.weekdays.length === 0 ? [...weekdays] : recurrence.weekdays;
    const next = weekdays.filter((one) => (one === day ? !chosen.includes(one) : chosen.includes(one)));
    set({ weekdays: next.length === 7 ? [] : next });
  };
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
      <Card title={w.tabs.schedule} about={w.scheduleAbout}>
        <form noValidate className="flex flex-col gap-5" onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending) save.mutate({ flow_uuid: whole.flow.uuid, ...written(whole, schedule, recurrence) });
        }}>
          <fieldset>
            <legend className="mb-1.5 text-sm font-medium">{w.onDays}</legend>
            <div className="flex flex-wrap gap-1.5">
              {weekdays.map((day) => {
                const on = recurrence.weekdays.length === 0 || recurrence.weekdays.includes(day);
                return (
                  <button key={day} type="button" aria-pressed={on} aria-label={names[day]} onClick={() => toggle(day)}
                          className={join("min-h-9 min-w-11 rounded-lg border px-2 text-sm font-medium", on ? "border-pink bg-blush text-pink" : "border-edge/60 text-soft hover:bg-sunk")}>
                    {names[day]?.slice(0, 2)}
                  </button>
                );
              })}
            </div>
          </fieldset>
          <Times times={recurrence.times} onChange={(times) => set({ times })} />
          <ZoneField label={w.zone} hint={w.zoneHint} value={recurrence.zone} onChange={(zone) => set({ zone })} />
          <MonthDays days={recurrence.monthDays} onChange={(monthDays) => set({ monthDays })} />
          <SelectField label={w.catchUp} value={textOf(schedule["catch_up"]) || "last"} onChange={(event) => setOther("catch_up", event.target.value)}>
            {(["last", "all", "none"] as const).map((one) => <option key={one} value={one}>{w.catchUps[one]}</option>)}
          </SelectField>
          <SelectField label={w.overlap} value={textOf(schedule["overlap"]) || "skip"} onChange={(event) => setOther("overlap", event.target.value)}>
            {(["skip", "queue", "allow"] as const).map((one) => <option key={one} value={one}>{w.overlaps[one]}</option>)}
          </SelectField>
          <Problems of={otherProblems(save.error, [])} />
          <Buttons>
            <Button disabled={changed === null} onClick={() => setChanged(null)}>{w.discard}</Button>
            <Button type="submit" look="primary" busy={save.isPending} disabled={changed === null}>{c.save}</Button>
          </Buttons>
        </form>
      </Card>
      <NextFive recurrence={recurrence} saved={changed === null ? whole.flow.next_runs : null} enabled={whole.flow.enabled} />
    </div>
  );
}

function Times({ times, onChange }: { times: string[]; onChange: (times: string[]) => void }) {
  const w = useWords(texts);
  return (
    <div className="flex flex-wrap items-end gap-2">
      {times.map((time, at) => (
        <div key={at} className="flex items-end">
          <TextField label={times.length === 1 ? w.time : w.timeAt(at + 1)} type="time" value={time} className="w-32"
                     onChange={(event) => onChange(times.with(at, event.target.value))} />
          {times.length > 1 && <IconButton icon="close" label={w.removeTime(at + 1)} onClick={() => onChange(times.toSpliced(at, 1))} />}
        </div>
      ))}
      <Button look="quiet" small icon="plus" className="mb-1" onClick={() => onChange([...times, "12:00"])}>{w.addTime}</Button>
    </div>
  );
}

function MonthDays({ days, onChange }: { days: number[]; onChange: (days: number[]) => void }) {
  const w = useWords(texts);
  const [text, setText] = useState(days.join(", "));
  return (
    <TextField label={w.monthDays} hint={w.monthDaysHint} optional value={text} inputMode="numeric"
               onChange={(event) => {
                 setText(event.target.value);
                 onChange(event.target.value.split(/[\s,;]+/).filter((one) => one !== "").map(Number).filter(Number.isInteger));
               }} />
  );
}

/** The server's for what is saved; worked out here for what is not yet. */
function NextFive({ recurrence, saved, enabled }: { recurrence: Recurrence; saved: string[] | null; enabled: boolean }) {
  const w = useWords(texts);
  const language = useLanguage();
  const [now] = useState(() => Date.now());
  const own = nextRuns(recurrence, 5, now);
  const times = saved && saved.length > 0 ? saved.slice(0, 5).map((one) => new Date(one)) : own;
  const zone = recurrence.zone || undefined;
  const format = (() => {
    try {
      return new Intl.DateTimeFormat(locales[language], { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZoneName: "short", ...(zone ? { timeZone: zone } : {}) });
    } catch {
      return null;
    }
  })();
  return (
    <Card title={w.nextFive} about={zone ?? w.accountZone}>
      {!enabled && <div className="mb-3"><Notice tone="warn">{w.notEnabled}</Notice></div>}
      {times.length > 0 && format
        ? (
          <ol className="flex flex-col gap-1" aria-label={w.nextFive}>
            {times.map((time, at) => (
              <li key={time.getTime()} className="flex items-center gap-3 rounded-lg px-2 py-1.5 odd:bg-sunk/60">
                <span aria-hidden="true" className="grid size-6 shrink-0 place-items-center rounded-full bg-blush text-xs font-semibold text-pink">{at + 1}</span>
                <time dateTime={time.toISOString()} className="tabular-nums">{format.format(time)}</time>
              </li>
            ))}
          </ol>
        )
        : <p className="text-soft">{recurrence.zone === "" && recurrence.times.every(isTime) ? w.afterSaving : w.noTimes}</p>}
      <div className="mt-4 border-t border-line pt-3 text-sm text-soft">
        <p className="font-medium text-ink">{w.clocks}</p>
        <ul className="mt-1 list-disc pl-4"><li>{w.clockSkipped}</li><li>{w.clockTwice}</li></ul>
      </div>
    </Card>
  );
}
