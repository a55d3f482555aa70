// From a file to contacts: choose it, say what its columns are, see what is wrong, and send.

import { Link } from "@tanstack/react-router";
import { useEffect, useState, type DragEvent } from "react";

import { useSession } from "~/api/client";
import { useRead } from "~/api/hooks";
import { Button, Buttons, buttonClass } from "~/ui/button";
import { join } from "~/ui/class";
import { Icon } from "~/ui/icon";
import { Answer, Card, Notice, Page } from "~/ui/page";
import { common } from "~/words/common";
import { contactWords } from "~/words/contact";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { ImportMapping } from "./import_mapping";
import { forgetImport, importedCount, resumeImport, retryImport, useImportRun, type ImportRun } from "./import_run";
import { parseCsv, type CsvTable } from "./parse_csv";
import { Progress } from "./progress";

interface ChosenFile {
  name: string;
  table: CsvTable;
}

export default function ImportPage() {
  const w = useWords(contactWords);
  const session = useSession();
  const run = useImportRun();
  const [file, setFile] = useState<ChosenFile | null>(null);
  const attributes = useRead("list_contact_attributes", {});
  useEffect(() => resumeImport(session.account), [session.account]);
  return (
    <Page title={w.importTitle} about={w.importAbout} back={{ to: "/contacts", label: w.contacts }}>
      <Answer of={attributes}>
        {({ attributes: all }) => {
          if (run) return <Running run={run} onDone={() => setFile(null)} />;
          if (!file) return <ChooseFile onChoose={setFile} />;
          return <ImportMapping file={file.name} table={file.table} attributes={all} onBack={() => setFile(null)} />;
        }}
      </Answer>
    </Page>
  );
}

function ChooseFile({ onChoose }: { onChoose: (file: ChosenFile) => void }) {
  const w = useWords(contactWords);
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<string>();
  const read = async (file: File | undefined) => {
    if (!file) return;
    const table = parseCsv(await file.text());
    if (table.names.length === 0 || table.rows.length === 0) return setProblem(w.fileEmpty);
    onChoose({ name: file.name, table });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void read(event.dataTransfer.files[0]);
  };
  return (
    <Card>
      <label onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}
             className={join("flex flex-col items-center rounded-xl border-2 border-dashed px-6 py-14 text-center focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-pink",
                             over ? "border-pink bg-blush" : "border-edge/50")}>
        <span className="mb-3 grid size-12 place-items-center rounded-full bg-blush text-pink"><Icon name="upload" className="size-6" /></span>
        <span className="font-semibold">{w.chooseFile}</span>
        <span className="mt-1 max-w-md text-sm text-soft">{w.chooseFileAbout}</span>
        <span className={join(buttonClass("primary"), "mt-4")}>{w.browse}</span>
        <input type="file" accept=".csv,.tsv,.txt,text/csv" className="sr-only" onChange={(event) => void read(event.target.files?.[0])} />
      </label>
      {problem && <div role="alert" className="mt-4"><Notice tone="bad">{problem}</Notice></div>}
    </Card>
  );
}

function Running({ run, onDone }: { run: ImportRun; onDone: () => void }) {
  const w = useWords(contactWords);
  const c = useWords(common);
  const f = useFormats();
  const sent = run.sent >= run.total;
  const done = sent && run.done === run.parts.length;
  const inside = importedCount(run);
  const finish = () => {
    forgetImport();
    onDone();
  };
  return (
    <Card title={run.file} about={done ? undefined : w.importRunning}>
      <div className="flex flex-col gap-5">
        {!done && <Progress label={w.sending} done={run.sent} total={run.total} said={w.ofContacts(f.number(run.sent), f.number(run.total))} />}
        {!done && <Progress label={w.workedOff} done={inside} total={run.total} said={w.ofContacts(f.number(inside), f.number(run.total))} />}
        {run.problem && <div role="alert"><Notice tone="bad" action={<Button small icon="retry" onClick={retryImport}>{c.tryAgain}</Button>}>{run.problem}</Notice></div>}
        {done && <div role="status"><Notice tone="good">{w.imported(f.number(run.total), run.total)}</Notice></div>}
      </div>
      <Buttons>
        {!done && sent && <Button onClick={finish}>{w.doNotWait}</Button>}
        {!sent && run.problem && <Button look="danger" onClick={finish}>{w.giveUpImport}</Button>}
        {done && <Button onClick={finish}>{w.importAnother}</Button>}
        {done && <Link to="/contacts" onClick={finish} className={buttonClass("primary")}>{w.toContacts}</Link>}
      </Buttons>
    </Card>
  );
}
