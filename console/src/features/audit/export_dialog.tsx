import { useEffect, useRef, useState } from "react";

import { piggy, type InputOf } from "~/api/client";
import { Button, Buttons } from "~/ui/button";
import { csvOf, keepFile } from "~/ui/csv";
import { Dialog } from "~/ui/dialog";
import { Problems, SelectField } from "~/ui/field";
import { Meter } from "~/ui/meter";
import { Notice } from "~/ui/page";
import { audit as texts } from "~/words/audit";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { messageOf } from "~/api/hooks";
import { useWords } from "~/words/words";
import type { Call } from "./show";

const pageSize = 200;
const columns = [
  "uuid", "made_at", "duration_us", "door", "person", "persona_uuid", "persona", "operation", "contact_uuid", "outcome", "price", "approval_uuid",
  "conversation_uuid", "prompt", "arguments", "response",
] as const;
type Format = "jsonl" | "csv";

function keep(calls: Call[], format: Format) {
  const name = `piggy-audit-${new Date().toISOString().slice(0, 10)}.${format}`;
  if (format === "jsonl") return keepFile(name, calls.map((call) => `${JSON.stringify(call)}\n`).join(""), "application/jsonl");
  const cell = (value: unknown) => (value !== null && typeof value === "object" ? JSON.stringify(value) : value);
  keepFile(name, csvOf([...columns], calls.map((call) => columns.map((column) => cell(call[column])))));
}

/** Page by page, so that it can be watched and stopped. */
export function ExportDialog({ input, onClose }: { input: InputOf<"list_audit_calls">; onClose: () => void }) {
  const w = useWords(texts);
  const c = useWords(common);
  const f = useFormats();
  const [format, setFormat] = useState<Format>("jsonl");
  const [calls, setCalls] = useState<Call[]>([]);
  const [state, setState] = useState<"ready" | "fetching" | "stopped" | "done">("ready");
  const [error, setError] = useState<Error>();
  const asking = useRef<AbortController>(null);
  useEffect(() => () => asking.current?.abort(), []);
  const start = async () => {
    const { signal } = (asking.current = new AbortController());
    // After a stop or a failure it goes on from the last call that came.
    const all = [...calls];
    setError(undefined);
    setState("fetching");
    try {
      for (let more = true; more && !signal.aborted;) {
        const page = await piggy.call("list_audit_calls", { ...input, limit: pageSize, before: all.at(-1)?.uuid ?? null }, { signal });
        all.push(...page.calls);
        more = page.calls.length === pageSize;
        setCalls([...all]);
      }
      keep(all, format);
      setState("done");
    } catch (problem) {
      setState("stopped");
      if (!signal.aborted) setError(problem instanceof Error ? problem : new Error(String(problem)));
    }
  };
  return (
    <Dialog title={w.exportTitle} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p className="text-sm text-soft">{w.exportAbout}</p>
        <SelectField label={w.format} value={format} disabled={state === "fetching"} onChange={(event) => setFormat(event.target.value === "csv" ? "csv" : "jsonl")}>
          <option value="jsonl">{w.jsonLines}</option>
          <option value="csv">{w.csv}</option>
        </SelectField>
        <div role="status">
          {state === "fetching" && <><Meter label={w.export} className="mb-2" /><p className="text-sm">{w.fetched(f.number(calls.length))}</p></>}
          {state === "done" && <Notice tone="good">{w.keptFile(f.number(calls.length))}</Notice>}
          {state === "stopped" && <Notice tone="warn">{w.stopped(f.number(calls.length))}</Notice>}
        </div>
        <Problems of={error ? [messageOf(error)] : []} />
      </div>
      <Buttons>
        {state === "fetching" && <Button icon="stop" onClick={() => asking.current?.abort()}>{w.stop}</Button>}
        {state === "stopped" && calls.length > 0 && <Button onClick={() => keep(calls, format)}>{w.keepSoFar}</Button>}
        {state === "done" ? <Button look="primary" onClick={onClose}>{c.done}</Button>
          : <Button look="primary" icon="download" busy={state === "fetching"} onClick={() => void start()}>{w.start}</Button>}
      </Buttons>
    </Dialog>
  );
}
