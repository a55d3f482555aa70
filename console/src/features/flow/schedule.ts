// When a schedule is due, by the wall of a zone. The same rules as the server's: a time that the
// clocks skip is the first moment after the gap, and one that comes twice is its first occurrence.

import { dataOf, listOf, textOf, type Data } from "./model";

export const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Weekday = (typeof weekdays)[number];

export interface Recurrence {
  zone: string;
  times: string[];
  weekdays: Weekday[];
  /** 1 to 31, or -1 for the last. */
  monthDays: number[];
}

const day = 86_400_000;

function clockOf(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
  });
}

/** How far the wall is ahead of UTC, in milliseconds. */
function offsetAt(clock: Intl.DateTimeFormat, at: number): number {
  const part = Object.fromEntries(clock.formatToParts(at).map((one) => [one.type, Number(one.value)]));
  const wall = Date.UTC(part["year"]!, part["month"]! - 1, part["day"]!, part["hour"]!, part["minute"]!, part["second"]!);
  return wall - Math.floor(at / 1000) * 1000;
}

/** The moment at which the wall shows this; `wall` is that time as if it were UTC. */
function momentOf(clock: Intl.DateTimeFormat, wall: number): number {
  const before = offsetAt(clock, wall - day);
  const after = offsetAt(clock, wall + day);
  const fits = [wall - before, wall - after].filter((at) => offsetAt(clock, at) === wall - at);
  if (fits.length > 0) return Math.min(...fits);
  // Within a gap: when the clocks went forward.
  let low = wall - day - before;
  let high = wall + day - after;
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (offsetAt(clock, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

export function isZone(zone: string): boolean {
  try {
    clockOf(zone);
    return zone.includes("/") || zone === "UTC";
  } catch {
    return false;
  }
}

export const isTime = (time: string) => /^([01]\d|2[0-3]):[0-5]\d$/.test(time);

/** The next moments at which it is due; none while it is not right. */
export function nextRuns(recurrence: Recurrence, count: number, now: number): Date[] {
  const { zone, times } = recurrence;
  if (!isZone(zone) || times.length === 0 || !times.every(isTime)) return [];
  const clock = clockOf(zone);
  const minutes = [...new Set(times)].sort().map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
  const today = Math.floor((now + offsetAt(clock, now)) / day) * day;
  const found: Date[] = [];
  for (let ahead = -1; ahead < 366 * 5 && found.length < count; ahead++) {
    const date = new Date(today + ahead * day);
    const weekday = weekdays[(date.getUTCDay() + 6) % 7]!;
    const isLast = new Date(date.getTime() + day).getUTCDate() === 1;
    if (recurrence.weekdays.length > 0 && !recurrence.weekdays.includes(weekday)) continue;
    const fits = recurrence.monthDays.includes(date.getUTCDate()) || isLast && recurrence.monthDays.includes(-1);
    if (recurrence.monthDays.length > 0 && !fits) continue;
    for (const minute of minutes) {
      const at = momentOf(clock, date.getTime() + minute * 60_000);
      if (at > now && found.length < count) found.push(new Date(at));
    }
  }
  return found;
}

/** The parameter that a text is, and no more: "${{ parameters.time }}" and "${{ default(parameters.zone, '') }}". */
export function parameterIn(text: string): string | null {
  const found = /^\$\{\{\s*(?:parameters\.(\w+)|default\(\s*parameters\.(\w+)\s*,\s*''\s*\))\s*\}\}$/.exec(text);
  return found ? found[1] ?? found[2] ?? null : null;
}

/** A schedule as it is written down, with the values of parameters filled in. */
export function recurrenceOf(schedule: unknown, values: Data): Recurrence {
  const given = dataOf(schedule);
  const filled = (value: unknown) => {
    const name = parameterIn(textOf(value));
    return name === null ? textOf(value) : textOf(values[name]);
  };
  return {
    zone: filled(given["zone"]),
    times: listOf(given["times"]).map(filled),
    weekdays: listOf(given["weekdays"]).filter((one): one is Weekday => weekdays.includes(one as Weekday)),
    monthDays: listOf(given["month_days"]).filter((one): one is number => typeof one === "number"),
  };
}
