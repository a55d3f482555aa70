import type { OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { join } from "~/ui/class";
import { Query } from "~/ui/chart";
import { csvOf, keepFile } from "~/ui/csv";
import { Answer, Card, Empty } from "~/ui/page";
import { common } from "~/words/common";
import { insight } from "~/words/insight";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { useLabel } from "./loyalty";
import type { Period } from "./period";
import { queryOf } from "./query";

type Cohort = OutputOf<"get_repeat_cohorts">["cohorts"][number];

/** The darker, the more of them bought again. */
function shade(share: number): string {
  if (share <= 0) return "";
  return share < 0.05 ? "bg-pink/5" : share < 0.1 ? "bg-pink/10" : share < 0.2 ? "bg-pink/15" : share < 0.35 ? "bg-pink/25" : share < 0.5 ? "bg-pink/30" : "bg-pink/40";
}

export function Cohorts({ period }: { period: Period }) {
  const w = useWords(insight);
  const c = useWords(common);
  const input = { from: period.from, to: period.to };
  const read = useRead("get_repeat_cohorts", input, { keep: true });
  const cohorts = read.data?.cohorts ?? [];
  const widest = Math.max(0, ...cohorts.map((one) => one.bought_again.length));
  const names = [w.firstBought, w.howMany, ...Array.from({ length: widest }, (_, at) => w.monthAfter(at + 1))];
  return (
    <Card flush title={w.cohorts} about={w.cohortsAbout} actions={cohorts.length > 0 && (
      <Button small look="quiet" icon="download" aria-label={`${c.downloadCsv}: ${w.cohorts}`}
              onClick={() => keepFile(`${w.cohorts}.csv`, csvOf(names, cohorts.map((one) => [one.month, one.contacts, ...one.bought_again])))}>CSV</Button>
    )}>
      <Answer of={read}>
        {() => (cohorts.some((one) => one.contacts > 0)
          ? <Table cohorts={cohorts.filter((one) => one.contacts > 0)} names={names} widest={widest} />
          : <Empty icon="insights" title={w.noCohorts}>{w.noCohortsAbout}</Empty>)}
      </Answer>
      <div className="px-5 pt-3 pb-4"><Query text={queryOf("get_repeat_cohorts", input)} /></div>
    </Card>
  );
}

function Table({ cohorts, names, widest }: { cohorts: Cohort[]; names: string[]; widest: number }) {
  const w = useWords(insight);
  const f = useFormats();
  const label = useLabel("month");
  return (
    <div className="overflow-x-auto px-5" tabIndex={0} role="region" aria-label={w.cohorts}>
      <table className="border-separate border-spacing-0.5 text-sm tabular-nums">
        <thead>
          <tr>{names.map((name) => <th key={name} scope="col" className="px-2.5 py-1 text-right font-medium whitespace-nowrap text-soft first:pl-0 first:text-left">{name}</th>)}</tr>
        </thead>
        <tbody>
          {cohorts.map((one) => (
            <tr key={one.month}>
              <th scope="row" className="pr-3 text-left font-medium whitespace-nowrap">{label(`${one.month}-01`)}</th>
              <td className="px-2.5 py-1.5 text-right font-semibold">{f.number(one.contacts)}</td>
              {Array.from({ length: widest }, (_, at) => {
                const again = one.bought_again[at];
                const share = again === undefined ? 0 : again / one.contacts;
                return <td key={at} title={again === undefined ? undefined : w.ofThem(f.number(again), f.number(one.contacts))} className={join("rounded px-2.5 py-1.5 text-right", shade(share))}>{again === undefined ? "" : f.percent(Math.round(share * 100) / 100)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
