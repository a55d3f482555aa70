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
  kind: "line" | "area" | "bar" | "stacked";
  /** What stands along the bottom. */
  labels: string[];
  labelName: string;
  series: Series[];
  /** What was asked of the server: an operation and its input. */
  query?: string;
  /** How numbers are written; left out: as numbers. */
  shown?: (value: number) => string;
}

const Drawing = lazy(() => import("./drawing"));

export function Chart(chart: ChartProps) {
  const w = useWords(common);
  const f = useFormats();
  const [table, setTable] = useState(false);
  const shown = chart.shown ?? f.number;
  const rows = chart.labels.map((label, at) => ({ label, values: chart.series.map((one) => one.values[at] ?? 0) }));
  return (
    <Card title={chart.title} about={chart.about}
          actions={(
            <>
              <Button small look="quiet" aria-pressed={table} onClick={() => setTable(!table)}>{table ? w.showChart : w.showTable}</Button>
              <Button small look="quiet" icon="download" aria-label={`${w.downloadCsv}: ${chart.title}`}
                      onClick={() => keepFile(`${chart.title}.csv`, csvOf([chart.labelName, ...chart.series.map((one) => one.name)],
                                                                           rows.map((row) => [row.label, ...row.values])))}>
                CSV
              </Button>
            </>
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
        : <Suspense fallback={<Loading />}><Drawing {...chart} shown={shown} /></Suspense>}
      {chart.query && <p className="mt-3 font-mono text-xs text-soft">{chart.query}</p>}
    </Card>
  );
}
