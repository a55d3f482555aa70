// A chart with its table, its query and its file. The library is fetched by the pages that use it.

import { lazy, Suspense, useState } from "react";

import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { Button } from "./button";
import { csvOf, keepFile } from "./csv";
import { Card, Loading } from "./page";
import { Table } from "./table";

export interface Series {
  name: string;
  values: number[];
}

export interface ChartProps {
  title: string;
  about?: string;
  /** "across": bars beside their names, for things rather than times. */
  kind: "line" | "area" | "bar" | "stacked" | "across";
  /** What stands along the bottom. */
  labels: string[];
  labelName: string;
  series: Series[];
  /** What was asked of the server: an operation and its input. */
  query?: string;
  /** How numbers are written; left out: as numbers. */
  shown?: (value: number) => string;
}

// Fetched at once, beside what the page asks of the server.
const drawing = import("./drawing");
const Drawing = lazy(() => drawing);

export function Chart(chart: ChartProps) {
  const w = useWords(common);
  const f = useFormats();
  const [table, setTable] = useState(false);
  const shown = chart.shown ?? f.number;
  const rows = chart.labels.map((label, at) => ({ label, values: chart.series.map((one) => one.values[at] ?? 0) }));
  return (
    <Card title={chart.title} about={chart.about}
          actions={(
            <span className="flex max-sm:-ml-3">
              <Button small look="quiet" aria-pressed={table} onClick={() => setTable(!table)}>{table ? w.showChart : w.showTable}</Button>
              <Button small look="quiet" icon="download" aria-label={`${w.downloadCsv}: ${chart.title}`}
                      onClick={() => keepFile(`${chart.title}.csv`, csvOf([chart.labelName, ...chart.series.map((one) => one.name)],
                                                                           rows.map((row) => [row.label, ...row.values])))}>
                CSV
              </Button>
            </span>
          )}>
      {table
        ? (
          <div className="-mx-5 max-h-80 overflow-y-auto" tabIndex={0} role="region" aria-label={chart.title}>
            <Table label={chart.title} rows={rows} keyOf={(row) => row.label}
                   columns={[{ name: chart.labelName, cell: (row) => row.label },
                             ...chart.series.map((one, at) => ({
                               name: one.name, number: true, cell: (row: (typeof rows)[number]) => shown(row.values[at] ?? 0),
                             }))]} />
          </div>
        )
        : chart.series.every((one) => one.values.every((value) => value === 0))
          ? <p className="grid h-64 place-items-center text-sm text-soft">{w.allZero}</p>
          : <Suspense fallback={<Loading />}><Drawing {...chart} shown={shown} /></Suspense>}
      {chart.query && <div className="mt-3"><Query text={chart.query} /></div>}
    </Card>
  );
}

/** What was asked of the server, for those who want to ask it themselves. */
export function Query({ text }: { text: string }) {
  const w = useWords(common);
  return (
    <details className="text-sm text-soft">
      <summary className="w-fit cursor-pointer rounded hover:text-ink">{w.query}</summary>
      <code className="mt-1 block font-mono text-xs break-all">{text}</code>
    </details>
  );
}
