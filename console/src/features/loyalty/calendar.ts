// Days of a calendar, by the reader's own clock. A day is its date as text: 2027-03-06.

export function dayOf(at: Date): string {
  const part = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${part(at.getMonth() + 1)}-${part(at.getDate())}`;
}

export function dateOf(day: string): Date {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date);
}

export function addDays(day: string, count: number): string {
  const at = dateOf(day);
  at.setDate(at.getDate() + count);
  return dayOf(at);
}

export function addMonths(day: string, count: number): string {
  const at = dateOf(day);
  const last = new Date(at.getFullYear(), at.getMonth() + count + 1, 0).getDate();
  return dayOf(new Date(at.getFullYear(), at.getMonth() + count, Math.min(at.getDate(), last)));
}

/** The seven days of its week, from Monday on. */
export function weekOf(day: string): string[] {
  const monday = addDays(day, -((dateOf(day).getDay() + 6) % 7));
  return Array.from({ length: 7 }, (_, at) => addDays(monday, at));
}

/** The weeks that show all of its month. */
export function monthOf(day: string): string[][] {
  const first = `${day.slice(0, 8)}01`;
  const weeks: string[][] = [];
  for (let week = weekOf(first); week[0]! <= addMonths(first, 1) && (weeks.length === 0 || week[0]!.slice(0, 7) === day.slice(0, 7)); week = weekOf(addDays(week[0]!, 7))) {
    weeks.push(week);
  }
  return weeks;
}

export function isDay(text: unknown): text is string {
  return typeof text === "string" && /^\d{4}-\d{2}-\d{2}$/.test(text);
}
