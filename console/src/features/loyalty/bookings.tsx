// Bookings in a calendar: a month or a week, of one shop or of all.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { usePages, useRead } from "~/api/hooks";
import { Button, IconButton } from "~/ui/button";
import { Filter } from "~/ui/field";
import { OneOf } from "~/ui/one_of";
import { Answer, Card, Notice } from "~/ui/page";
import { bookingWords } from "~/words/booking";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { useLanguage, useWords } from "~/words/words";
import { BookingDialog } from "./booking_dialog";
import { Agenda, Month, Week, type DayProps } from "./booking_views";
import { addDays, addMonths, dateOf, dayOf, isDay, monthOf, weekOf } from "./calendar";
import { LoyaltyPage } from "./frame";

export type Booking = OutputOf<"list_bookings">["bookings"][number];
type View = "month" | "week";

export default function Bookings() {
  const w = useWords(bookingWords);
  const c = useWords(common);
  const f = useFormats();
  const language = useLanguage();
  const navigate = useNavigate();
  const asked = useSearch({ strict: false }) as { view?: string; day?: unknown; shop?: string };
  const view: View = asked.view === "week" ? "week" : "month";
  const today = dayOf(new Date());
  const day = isDay(asked.day) ? asked.day : today;
  const [open, setOpen] = useState<{ booking: Booking | null; day: string } | null>(null);
  const shops = useRead("list_shops", {});
  const week = weekOf(day);
  const days = view === "month" ? monthOf(day).flat() : week;
  const inShop = asked.shop ? { shop_uuid: asked.shop } : {};
  const span = { from: dateOf(days[0]!).toISOString(), until: dateOf(addDays(days.at(-1)!, 1)).toISOString() };
  const list = usePages("list_bookings", { limit: 500, page: 1, ...span, ...inShop }, {
    rows: (page) => page.bookings,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  // Of those without a time the newest are shown, whatever the calendar shows.
  const newest = useRead("list_bookings", { limit: 100, page: 1, ...inShop });
  const go = (next: { view?: View; day?: string; shop?: string }) => {
    const search = { view, day, shop: asked.shop, ...next };
    void navigate({ to: "/loyalty/bookings", search: { ...search, shop: search.shop || undefined } as never, replace: true, resetScroll: false });
  };
  const step = (by: number) => go({ day: view === "month" ? addMonths(day, by) : addDays(day, 7 * by) });

  const byDay = new Map<string, Booking[]>();
  const loose = (newest.data?.bookings ?? []).filter((one) => !one.starts_at);
  for (const booking of list.rows) {
    if (!booking.starts_at) continue;
    const at = dayOf(new Date(booking.starts_at));
    byDay.set(at, [...byDay.get(at) ?? [], booking]);
  }
  const title = view === "month"
    ? new Intl.DateTimeFormat(language, { month: "long", year: "numeric" }).format(dateOf(day))
    : f.days(dateOf(week[0]!), dateOf(week[6]!));
  const shown: DayProps = {
    day, today, bookingsOf: (of) => byDay.get(of) ?? [], onOpen: (booking) => setOpen({ booking, day }),
    onNew: (of) => setOpen({ booking: null, day: of }), onDay: (of) => go({ day: of }), onWeek: (of) => go({ view: "week", day: of }),
  };
  const total = list.data?.pages[0]?.page.total ?? 0;
  return (
    <LoyaltyPage title={w.bookings} about={w.bookingsAbout} actions={<Button look="primary" icon="plus" onClick={() => setOpen({ booking: null, day })}>{w.newBooking}</Button>}>
      <Card flush>
        <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-3">
          <IconButton icon="left" label={w.earlier} onClick={() => step(-1)} />
          <IconButton icon="right" label={w.later} onClick={() => step(1)} />
          <Button small onClick={() => go({ day: today })}>{w.today}</Button>
          <h2 className="grow sm:mx-2 text-lg font-semibold first-letter:uppercase" aria-live="polite">{title}</h2>
          <Filter label={w.shop} className="sm:max-w-56" value={asked.shop ?? ""} onChange={(event) => go({ shop: event.target.value })}>
            <option value="">{w.allShops}</option>
            {shops.data?.shops.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
          </Filter>
          <OneOf small label={w.view} chosen={view} onChoose={(one) => go({ view: one })}
                 ways={(["month", "week"] as const).map((one) => ({ id: one, label: w.views[one] }))} />
        </div>
        <Answer of={list}>
          {() => (
            <>
              {list.hasNextPage && (
                <div className="p-3">
                  <Notice action={<Button small busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{c.more}</Button>}>{w.firstRead(f.number(list.rows.length), f.number(total))}</Notice>
                </div>
              )}
              <div className="max-md:hidden">{view === "month" ? <Month {...shown} weeks={monthOf(day)} /> : <Week {...shown} days={week} />}</div>
              <div className="md:hidden"><Agenda {...shown} days={view === "month" ? monthOf(day).flat().filter((one) => one.slice(0, 7) === day.slice(0, 7)) : week} /></div>
              {loose.length > 0 && (
                <div className="border-t border-line px-4 py-3">
                  <h3 className="mb-2 text-sm font-semibold text-soft">{w.withoutTime}</h3>
                  <Agenda {...shown} days={[""]} bookingsOf={() => loose} />
                </div>
              )}
            </>
          )}
        </Answer>
      </Card>
      {open && <BookingDialog booking={open.booking} day={open.day} shops={shops.data?.shops ?? []} shop={asked.shop ?? ""} onClose={() => setOpen(null)} />}
    </LoyaltyPage>
  );
}
