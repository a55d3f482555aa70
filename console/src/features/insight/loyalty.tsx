// The figures of the loyalty programme: in all, and period by period.

import type { OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import { Chart } from "~/ui/chart";
import { Answer, Card } from "~/ui/page";
import { insight } from "~/words/insight";
import { locales, useFormats } from "~/words/format";
import { useLanguage, useWords } from "~/words/words";
import type { Period } from "./period";
import { queryOf } from "./query";

type Figures = OutputOf<"get_loyalty_figures">;

/** "March 2026", "9 Mar". The day is one of the calendar, whatever the reader's zone. */
export function useLabel(by: Period["by"]): (date: string) => string {
  const language = useLanguage();
  const format = new Intl.DateTimeFormat(locales[language], { timeZone: "UTC", ...(by === "month" ? { month: "short", year: "numeric" } : { day: "numeric", month: "short" }) });
  return (date) => format.format(new Date(`${date.slice(0, 10)}T00:00:00Z`));
}

export function Loyalty({ period }: { period: Period }) {
  const input = { from: period.from, to: period.to, by: period.by };
  const read = useRead("get_loyalty_figures", input, { keep: true });
  return <Answer of={read}>{(data) => <Shown data={data} by={period.by} query={queryOf("get_loyalty_figures", input)} />}</Answer>;
}

function Shown({ data, by, query }: { data: Figures; by: Period["by"]; query: string }) {
  const w = useWords(insight);
  const f = useFormats();
  const label = useLabel(by);
  const labels = data.periods.map((one) => label(one.date));
  const shared = { labels, labelName: w.periodNames[by], query };
  const of = (name: keyof Figures["total"]) => data.periods.map((one) => one.figures[name]);
  const { total } = data;
  const money = (cents: number) => f.money(cents, data.currency);
  const tiles: [string, string][] = [
    [w.issued, f.number(total.issued)], [w.redeemed, f.number(total.redeemed)], [w.expired, f.number(total.expired)],
    [w.liability, f.number(total.liability)], [w.contactsNew, f.number(total.contacts_new)], [w.revenue, money(total.revenue_in_cents)],
  ];
  return (
    <>
      <Card>
        <dl aria-label={w.totals} className="grid grid-cols-2 gap-x-4 gap-y-5 sm:grid-cols-3 xl:grid-cols-6">
          {tiles.map(([name, value]) => <div key={name}><dt className="text-sm text-soft">{name}</dt><dd className="text-2xl font-semibold tabular-nums">{value}</dd></div>)}
        </dl>
      </Card>
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
        <Chart {...shared} title={w.credits} about={w.creditsAbout} kind="bar"
               series={[{ name: w.issued, values: of("issued") }, { name: w.redeemed, values: of("redeemed") }, { name: w.expired, values: of("expired") }]} />
        <Chart {...shared} title={w.liability} about={w.liabilityAbout} kind="area" series={[{ name: w.liability, values: of("liability") }]} />
        <Chart {...shared} title={w.contacts} about={w.contactsAbout} kind="bar"
               series={[{ name: w.contactsActive, values: data.periods.map((one) => one.contacts_active) }, { name: w.contactsNew, values: of("contacts_new") }]} />
        <Chart {...shared} title={w.revenue} about={w.revenueAbout} kind="bar" series={[{ name: w.revenue, values: of("revenue_in_cents") }]} shown={money} />
      </div>
    </>
  );
}
