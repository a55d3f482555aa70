import { useEffect, useMemo, useRef, useState } from "react";

import { useSession } from "~/api/client";
import { Button, Buttons } from "~/ui/button";
import { csvOf, keepFile } from "~/ui/csv";
import { Badge, Card, Failed, Notice } from "~/ui/page";
import { Table } from "~/ui/table";
import { contactWords } from "~/words/contact";
import { useFormats } from "~/words/format";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import { isReadOnly, type AttributeDefinition } from "./contact";
import { checkRows, guessMapping, readRows, type Mapping, type ReadRow, type RowProblem } from "./import_rows";
import { startImport } from "./import_run";
import type { CsvTable } from "./parse_csv";
import { Progress } from "./progress";

type Check = { phase: "checking"; done: number } | { phase: "failed"; error: unknown } | { phase: "checked"; good: ReadRow[]; problems: RowProblem[] };

export function ImportMapping({ file, table, attributes, onBack }: {
  file: string; table: CsvTable; attributes: AttributeDefinition[]; onBack: () => void;
}) {
  const w = useWords(contactWords);
  const f = useFormats();
  const session = useSession();
  const [mapping, setMapping] = useState<Mapping>(() => guessMapping(table.names, attributes));
  const [check, setCheck] = useState<Check | null>(null);
  const [problem, setProblem] = useState<unknown>();
  const stop = useRef<AbortController>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const read = useMemo(() => readRows(table, mapping, { noEmail: w.rowNoEmail, twice: w.rowTwice }), [table, mapping, w]);
  const choose = (column: number, name: string) => {
    stop.current?.abort();
    setCheck(null);
    // An attribute comes from one column.
    setMapping(mapping.map((one, at) => (at === column ? name || null : one === name ? null : one)));
  };
  const run = async () => {
    const controller = new AbortController();
    stop.current = controller;
    setCheck({ phase: "checking", done: 0 });
    try {
      const { good, problems } = await checkRows(read.rows, (done) => setCheck({ phase: "checking", done }), controller.signal);
      setCheck({ phase: "checked", good, problems: [...read.problems, ...problems].sort((one, other) => one.row - other.row) });
    } catch (error) {
      if (!controller.signal.aborted) setCheck({ phase: "failed", error });
    }
  };
  const mapped = mapping.includes("email");
  return (
    <div className="flex flex-col gap-5">
      <Card flush title={file} about={w.columnsAbout(f.number(table.rows.length), table.names.length)}>
        <Table label={w.columns} rows={table.names.map((name, at) => ({ name, at }))} keyOf={(row) => String(row.at)}
               columns={[
                 { name: w.column, className: "sm:w-48", cell: (row) => row.name || w.columnUnnamed(row.at + 1) },
                 { name: w.examples, className: "text-soft", cell: (row) => <span className="line-clamp-2">{table.rows.slice(0, 3).map((cells) => cells[row.at]?.trim()).filter(Boolean).join(" · ") || "–"}</span> },
                 {
                   name: w.becomes, className: "sm:w-72",
                   cell: (row) => (
                     <select aria-label={w.becomesOf(row.name)} value={mapping[row.at] ?? ""} onChange={(event) => choose(row.at, event.target.value)}
                             className="w-full rounded-lg border border-edge/70 bg-paper px-3 py-1.5">
                       <option value="">{w.leaveOut}</option>
                       <option value="email">{w.email}</option>
                       {attributes.filter((one) => !isReadOnly(one) && one.name !== "email").map((one) => <option key={one.name} value={one.name}>{serverIn().say(one.label)}</option>)}
                     </select>
                   ),
                 },
               ]} />
      </Card>
      {!mapped && <Notice tone="warn">{w.emailColumn}</Notice>}
      {check?.phase === "checking" && (
        <Card><Progress label={w.checking} done={check.done} total={read.rows.length} said={w.ofRows(f.number(check.done), f.number(read.rows.length))} /></Card>
      )}
      {check?.phase === "failed" && <Card><Failed error={check.error} retry={() => void run()} /></Card>}
      {check?.phase === "checked" && (
        <Checked good={check.good.length} problems={check.problems}
                 labelOf={(field) => (field === "email" ? w.email : serverIn().say(attributes.find((one) => one.name === field)?.label ?? field))} />
      )}
      {problem !== undefined && <Card><Failed error={problem} /></Card>}
      <Buttons>
        <Button onClick={onBack}>{w.otherFile}</Button>
        {check?.phase === "checked" && check.good.length > 0
          ? <Button look="primary" icon="upload" onClick={() => void startImport(file, session.account, check.good.map((one) => one.contact)).catch(setProblem)}>{w.importCount(f.number(check.good.length), check.good.length)}</Button>
          : <Button look="primary" disabled={!mapped || read.rows.length === 0 || check?.phase === "checked"} busy={check?.phase === "checking"} onClick={() => void run()}>{w.check}</Button>}
      </Buttons>
    </div>
  );
}

const shownMax = 50;

function Checked({ good, problems, labelOf }: { good: number; problems: RowProblem[]; labelOf: (field: string) => string }) {
  const w = useWords(contactWords);
  const f = useFormats();
  // The server's English names the attribute by itself.
  const said = ({ what, field }: RowProblem) => {
    const text = serverIn().say(what);
    return text === what || field === undefined ? text : `${labelOf(field)}: ${text}`;
  };
  const bad = new Set(problems.map((one) => one.row)).size;
  if (bad === 0) return <div role="status"><Notice tone="good">{w.allGood(f.number(good), good)}</Notice></div>;
  return (
    <Card flush title={<>{w.badRows(f.number(bad), bad)} <Badge tone="warn">{w.leftOut}</Badge></>} about={w.badRowsAbout(f.number(good))}
          actions={<Button small icon="download" onClick={() => keepFile("problems.csv", csvOf([w.row, w.problem], problems.map((one) => [one.row, said(one)])))}>{w.problemsCsv}</Button>}>
      <Table label={w.problems} rows={problems.slice(0, shownMax)} keyOf={(one) => `${one.row} ${one.what}`}
             columns={[{ name: w.row, className: "sm:w-24", cell: (one) => <><span className="sm:hidden">{w.row} </span>{f.number(one.row)}</> }, { name: w.problem, prose: true, cell: said }]} />
      {problems.length > shownMax && <p className="border-t border-line px-5 py-3 text-sm text-soft">{w.moreProblems(f.number(problems.length - shownMax))}</p>}
    </Card>
  );
}

