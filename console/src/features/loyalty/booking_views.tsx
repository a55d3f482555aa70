// The ways to look at bookings: a month, a week, and a list where there is little room.

import { useEffect, useRef, type KeyboardEvent } from "react";

import { IconButton } from "~/ui/button";
import { join } from "~/ui/class";
import { Empty } from "~/ui/page";
import { bookingWords } from "~/words/booking";
import { useLanguage, useWords } from "~/words/words";
import { addDays, addMonths, dateOf } from "./calendar";
import type { Booking } from "./bookings";

export interface DayProps {
  day: string;
  today: string;
  bookingsOf: (day: string) => Booking[];
  onOpen: (booking: Booking) => void;
  onNew: (day: string) => void;
  onDay: (day: string) => void;
  onWeek: (day: string) => void;
}

function useDays() {
  const language = useLanguage();
  const locale = language === "en" ? "en-GB" : "nl-NL";
  const format = (options: Intl.DateTimeFormatOptions) => (at: Date) => new Intl.DateTimeFormat(locale, options).format(at);
  return { long: format({ weekday: "long", day: "numeric", month: "long" }), short: format({ weekday: "short" }), time: format({ hour: "2-digit", minute: "2-digit" }) };
}

const isOver = (booking: Booking) => /cancel/i.test(booking.status ?? "");

/** `tall`: with all that is known; `narrow`: its name has a line of its own. */
function Entry({ booking, onOpen, tall, narrow }: { booking: Booking; onOpen: (booking: Booking) => void; tall?: boolean; narrow?: boolean }) {
  const w = useWords(bookingWords);
  const d = useDays();
  const who = booking.company_name || booking.contact.email;
  const time = booking.starts_at ? d.time(new Date(booking.starts_at)) : "";
  return (
    <button type="button" onClick={() => onOpen(booking)} title={`${time} ${who}`}
            className={join("block w-full rounded-md border-l-3 px-2 py-1 text-left text-xs hover:brightness-95",
                            isOver(booking) ? "border-edge bg-sunk text-soft line-through" : "border-pink bg-blush text-ink")}>
      <span className="flex gap-1.5">
        {time && <span className="shrink-0 font-semibold tabular-nums">{time}</span>}
        <span className="min-w-0 grow truncate">{!narrow && who}</span>
        {booking.number_of_people !== null && <span className="shrink-0 tabular-nums" title={w.people}>{w.peopleCount(booking.number_of_people)}</span>}
      </span>
      {narrow && <span className="block truncate font-medium">{who}</span>}
      {tall && booking.company_name && <span className="block truncate">{booking.contact.email}</span>}
      {tall && booking.status && <span className="block truncate">{booking.status}</span>}
    </button>
  );
}

const shownMax = 3;

/** The arrows move through days, Page Up and Page Down through months, Enter books. */
export function Month({ weeks, day, today, bookingsOf, onOpen, onNew, onDay, onWeek }: DayProps & { weeks: string[][] }) {
  const w = useWords(bookingWords);
  const d = useDays();
  const grid = useRef<HTMLTableElement>(null);
  const moved = useRef(false);
  useEffect(() => {
    if (moved.current) grid.current?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus();
    moved.current = false;
  }, [day]);
  const onKeyDown = (event: KeyboardEvent, at: string) => {
    const to: Record<string, string> = {
      ArrowLeft: addDays(at, -1), ArrowRight: addDays(at, 1), ArrowUp: addDays(at, -7), ArrowDown: addDays(at, 7),
      PageUp: addMonths(at, -1), PageDown: addMonths(at, 1),
    };
    const next = to[event.key];
    if (!next) return;
    event.preventDefault();
    moved.current = true;
    onDay(next);
  };
  return (
    <table ref={grid} className="w-full table-fixed border-collapse" aria-label={w.bookings}>
      <thead>
        <tr>{weeks[0]!.map((one) => <th key={one} scope="col" className="border-b border-line px-2.5 py-1.5 text-left text-xs font-medium text-soft first-letter:uppercase">{d.short(dateOf(one))}</th>)}</tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]}>
            {week.map((one) => {
              const all = bookingsOf(one);
              const outside = one.slice(0, 7) !== day.slice(0, 7);
              return (
                <td key={one} className={join("h-28 border border-line p-1 align-top first:border-l-0 last:border-r-0", outside && "bg-sunk/50")}>
                  <button type="button" data-day={one} tabIndex={one === day ? 0 : -1} aria-label={w.bookOn(d.long(dateOf(one)), all.length)}
                          aria-current={one === today ? "date" : undefined} onKeyDown={(event) => onKeyDown(event, one)} onClick={() => onNew(one)}
                          className={join("mb-1 grid h-7 min-w-7 place-items-center rounded-full text-sm tabular-nums hover:bg-sunk",
                                          one === today ? "bg-pink font-semibold text-on-pink hover:bg-pink" : outside ? "text-soft" : "")}>
                    {Number(one.slice(8))}
                  </button>
                  <div className="flex flex-col gap-1">
                    {all.slice(0, shownMax).map((booking) => <Entry key={booking.uuid} booking={booking} onOpen={onOpen} />)}
                    {all.length > shownMax && <button type="button" onClick={() => onWeek(one)} className="px-2 text-left text-xs font-medium text-pink hover:underline">{w.moreOf(all.length - shownMax)}</button>}
                  </div>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Week({ days, today, bookingsOf, onOpen, onNew }: DayProps & { days: string[] }) {
  const w = useWords(bookingWords);
  const d = useDays();
  return (
    <ol className="grid min-h-96 grid-cols-7 divide-x divide-line" aria-label={w.bookings}>
      {days.map((one) => (
        <li key={one} className="min-w-0">
          <div className="flex items-center justify-between border-b border-line py-1 pr-1 pl-2">
            <h3 className={join("text-sm font-medium", one === today ? "text-pink" : "text-soft")}>{d.short(dateOf(one))} {Number(one.slice(8))}</h3>
            <IconButton icon="plus" label={w.bookOn(d.long(dateOf(one)), bookingsOf(one).length)} onClick={() => onNew(one)} className="size-7" />
          </div>
          <div className="flex flex-col gap-1 p-1">{bookingsOf(one).map((booking) => <Entry key={booking.uuid} booking={booking} onOpen={onOpen} tall narrow />)}</div>
        </li>
      ))}
    </ol>
  );
}

export function Agenda({ days, today, bookingsOf, onOpen }: DayProps & { days: string[] }) {
  const w = useWords(bookingWords);
  const d = useDays();
  const shown = days.filter((one) => bookingsOf(one).length > 0);
  if (shown.length === 0) return <Empty icon="calendar" title={w.noBookings}>{w.noBookingsAbout}</Empty>;
  return (
    <ol className="flex flex-col gap-3 p-4" aria-label={w.bookings}>
      {shown.map((one) => (
        <li key={one}>
          {one !== "" && <h3 className={join("mb-1 text-sm font-semibold first-letter:uppercase", one === today && "text-pink")}>{d.long(dateOf(one))}</h3>}
          <div className="flex flex-col gap-1">{bookingsOf(one).map((booking) => <Entry key={booking.uuid} booking={booking} onOpen={onOpen} tall />)}</div>
        </li>
      ))}
    </ol>
  );
}
