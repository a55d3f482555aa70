// Finds one thing by its code, which stands in the page's address: so a code that was scanned, or a
// link that was sent, opens it.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { Button } from "~/ui/button";
import { TextField } from "~/ui/field";
import { Card } from "~/ui/page";

/** The code in the address; empty when there is none. */
export function useAskedCode(): string {
  const { code } = useSearch({ strict: false }) as { code?: unknown };
  // A code of digits alone is read from the address as a number.
  return code === undefined ? "" : String(code);
}

interface FindCodeProps {
  /** The page's address. */
  page: string;
  asked: string;
  words: { findCode: string; codeExample: string; find: string };
  busy: boolean;
  /** What was found. */
  children: ReactNode;
}

export function FindCode({ page, asked, words, busy, children }: FindCodeProps) {
  const navigate = useNavigate();
  const [code, setCode] = useState(asked);
  const find = () => void navigate({ to: page, search: (code.trim() ? { code: code.trim() } : {}) as never, replace: true });
  return (
    <Card>
      <form noValidate className="flex flex-wrap items-end gap-3" onSubmit={(event) => { event.preventDefault(); find(); }}>
        <div className="min-w-56 grow">
          <TextField label={words.findCode} value={code} autoComplete="off" spellCheck={false} className="font-mono"
                     placeholder={words.codeExample} onChange={(event) => setCode(event.target.value)} />
        </div>
        <Button type="submit" icon="search" busy={busy}>{words.find}</Button>
      </form>
      {asked !== "" && <div className="mt-4 border-t border-line pt-4">{children}</div>}
    </Card>
  );
}
