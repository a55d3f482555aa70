// Codes that are pasted or read from a file: one on each line, or the first column of a CSV.

import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, useWrite } from "~/api/hooks";
import { parseCsv } from "~/features/contact/parse_csv";
import { Button, Buttons } from "~/ui/button";
import { Dialog } from "~/ui/dialog";
import { Field, Problems, TextArea } from "~/ui/field";
import { Notice } from "~/ui/page";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { rewardWords } from "~/words/reward";
import { useWords } from "~/words/words";

type Known = OutputOf<"add_reward_codes">["known"][number];

const chunk = 1_000; // The most that the server takes at once.
const knownShown = 20;

function codesIn(text: string): string[] {
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
}

/** The first column, without its heading if it is one. */
function codesInFile(text: string): string {
  const { names, rows } = parseCsv(text);
  const first = [names, ...rows].map((row) => row[0] ?? "");
  return (/^(voucher|reward)?[ _-]?codes?$/i.test(first[0] ?? "") ? first.slice(1) : first).join("\n");
}

export function AddCodes({ reward, onClose }: { reward: string; onClose: () => void }) {
  const w = useWords(rewardWords);
  const c = useWords(common);
  const f = useFormats();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const [done, setDone] = useState<{ added: number; known: Known[] }>();
  const add = useWrite("add_reward_codes");
  const codes = codesIn(text);
  const send = async () => {
    setBusy(true);
    setProblem(undefined);
    let added = done?.added ?? 0;
    const known = [...(done?.known ?? [])];
    let at = 0;
    try {
      for (; at < codes.length; at += chunk) {
        const from = at;
        const answer = await add.mutateAsync({ reward_uuid: reward, codes: codes.slice(at, at + chunk) });
        added += answer.added;
        known.push(...answer.known.map((one) => ({ ...one, number: one.number + from })));
      }
    } catch (error) {
      setProblem(error);
    }
    // What is in stays in: the rest is sent again.
    setText(codes.slice(at).join("\n"));
    if (at > 0) setDone({ added, known });
    setBusy(false);
  };
  if (done && codes.length === 0) return <Added added={done.added} known={done.known} onClose={onClose} />;
  return (
    <Dialog title={w.addCodes} onClose={onClose}>
      <form noValidate className="flex flex-col gap-4" onSubmit={(event) => { event.preventDefault(); if (!busy) void send(); }}>
        <p className="text-soft">{w.addCodesAbout}</p>
        <TextArea label={w.codes} hint={codes.length > 0 ? w.codesCount(f.number(codes.length), codes.length) : w.codesHint} rows={8} autoFocus spellCheck={false}
                  className="font-mono text-sm" value={text} onChange={(event) => setText(event.target.value)} />
        <Field label={w.codesFile}>
          {(tied) => (
            <input type="file" {...tied} accept=".csv,.tsv,.txt,text/csv,text/plain"
                   onChange={(event) => void event.target.files?.[0]?.text().then((read) => setText(codesInFile(read)))}
                   className="text-sm file:mr-3 file:rounded-lg file:border file:border-edge/60 file:bg-paper file:px-3 file:py-1.5" />
          )}
        </Field>
        <Problems of={otherProblems(problem, [])} />
        <Buttons>
          <Button onClick={onClose}>{c.cancel}</Button>
          <Button type="submit" look="primary" busy={busy} disabled={codes.length === 0}>{w.addCodes}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}

function Added({ added, known, onClose }: { added: number; known: Known[]; onClose: () => void }) {
  const w = useWords(rewardWords);
  const c = useWords(common);
  const f = useFormats();
  return (
    <Dialog title={w.addCodes} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Notice tone={added > 0 ? "good" : "warn"}>{w.codesAdded(f.number(added), added)}</Notice>
        {known.length > 0 && (
          <div>
            <p className="mb-1.5 text-sm">{w.codesKnown(f.number(known.length), known.length)}</p>
            <ul aria-label={w.codesKnown(f.number(known.length), known.length)} className="max-h-60 overflow-y-auto rounded-xl bg-sunk px-4 py-2 text-sm">
              {known.slice(0, knownShown).map((one) => (
                <li key={one.number} className="flex justify-between gap-3 py-0.5"><span className="text-soft">{w.codeNumber(f.number(one.number))}</span><code className="font-mono">{one.code}</code></li>
              ))}
              {known.length > knownShown && <li className="py-0.5 text-soft">{w.codesMore(f.number(known.length - knownShown))}</li>}
            </ul>
          </div>
        )}
      </div>
      <Buttons><Button look="primary" onClick={onClose}>{c.close}</Button></Buttons>
    </Dialog>
  );
}
