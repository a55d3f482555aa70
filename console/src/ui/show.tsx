// Small things that show a value: a moment, something to copy, a secret, data.

import { useState } from "react";

import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { useServer, type Change } from "~/words/server";
import { useWords } from "~/words/words";
import { Button, IconButton } from "./button";
import { Notice } from "./page";
import { tell } from "./toast";

/** "3 minutes ago"; the exact moment when pointed at. */
export function Moment({ at, none = "–" }: { at: string | null | undefined; none?: string }) {
  const f = useFormats();
  if (!at) return <>{none}</>;
  return <time dateTime={at} title={f.exact(at)} className="whitespace-nowrap">{f.relative(at)}</time>;
}

export function Day({ at, none = "–" }: { at: string | null | undefined; none?: string }) {
  const f = useFormats();
  if (!at) return <>{none}</>;
  return <time dateTime={at} title={f.exact(at)} className="whitespace-nowrap">{f.day(at)}</time>;
}

/** Text to be taken elsewhere, with a button that does. */
export function Copyable({ text, label }: { text: string; label: string }) {
  const w = useWords(common);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      return tell(w.notCopied, true);
    }
    setCopied(true);
    window.setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <div className="flex items-start gap-1 rounded-lg border border-line bg-sunk py-1 pr-1 pl-3">
      <code aria-label={label} className="min-w-0 grow py-1.5 font-mono text-sm break-all whitespace-pre-wrap">{text}</code>
      <IconButton icon={copied ? "check" : "copy"} label={copied ? w.copied : `${w.copy}: ${label}`} onClick={() => void copy()} />
    </div>
  );
}

/** A secret that the server tells once. It is gone from the page when it is hidden. */
export function Secret({ text, label, onHide }: { text: string; label: string; onHide: () => void }) {
  const w = useWords(common);
  return (
    <div className="flex flex-col gap-2">
      <Notice tone="warn">{w.shownOnce}</Notice>
      <Copyable text={text} label={label} />
      <div><Button small onClick={onHide}>{w.hide}</Button></div>
    </div>
  );
}

/** Sentences in which names of fields stand between backticks. */
export function Marked({ text }: { text: string }) {
  return text.split("`").map((part, at) => (at % 2 === 0 ? part : <code key={at} className="font-mono text-[0.9em]">{part}</code>));
}

/** Data as JSON. It is text, whatever is in it. */
export function Json({ value, label }: { value: unknown; label: string }) {
  return (
    <pre aria-label={label} tabIndex={0} role="region"
         className="max-h-96 overflow-auto rounded-lg bg-sunk p-3 font-mono text-[0.8125rem] break-words whitespace-pre-wrap">
      {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
    </pre>
  );
}

/** What a rehearsal would have changed; `title` where it is over. */
export function Effect({ lines, title }: { lines: Change[]; title?: string }) {
  const w = useWords(common);
  const f = useFormats();
  const server = useServer();
  const said = (value: unknown) => {
    if (typeof value === "number") return f.number(value);
    if (typeof value === "boolean") return value ? w.yes : w.no;
    return value === null || value === undefined ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value);
  };
  const changes = lines.filter((line) => JSON.stringify(line.before) !== JSON.stringify(line.after));
  if (changes.length === 0) return <Notice>{w.nothingChanges}</Notice>;
  return (
    <div className="rounded-xl border border-line">
      <p className="px-4 pt-3 text-sm font-medium">{title ?? w.wouldChange}</p>
      <ul className="divide-y divide-line px-4 py-1">
        {changes.map(server.change).map((line, at) => (
          <li key={at} className="flex flex-wrap justify-between gap-x-4 py-1.5 text-sm">
            <span>{line.what}</span>
            <span className="tabular-nums">
              <span className="sr-only">{w.before} </span><span className="text-soft">{said(line.before)}</span>
              <span aria-hidden="true"> → </span><span className="sr-only">, {w.after} </span><strong>{said(line.after)}</strong>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
