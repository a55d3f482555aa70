// Some things are for the owner of the installation alone, who works on the machine itself.

import { PiggyError, useSession } from "~/api/client";
import { otherProblems } from "~/api/hooks";
import { Problems } from "~/ui/field";
import { Notice } from "~/ui/page";
import { Copyable } from "~/ui/show";
import { access as texts } from "~/words/access";
import { useWords } from "~/words/words";

/** A word of a command line, whatever it holds. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** An account's owner may all that there is within it: a refusal means that it is above all accounts. */
export function useIsAbove(error: unknown): boolean {
  return useSession().role === "owner" && error instanceof PiggyError && error.status === 403;
}

export function OwnerOnly({ command }: { command: string }) {
  const w = useWords(texts);
  return (
    <div className="flex flex-col gap-3">
      <Notice tone="warn">{w.ownerOnly}</Notice>
      <Copyable text={command} label={w.command} />
    </div>
  );
}

/** What is wrong beside the fields; and the command that does it where a page may not. */
export function Refusal({ error, shown = [], command }: { error: unknown; shown?: readonly string[]; command: string }) {
  const above = useIsAbove(error);
  return above ? <OwnerOnly command={command} /> : <Problems of={otherProblems(error, shown)} />;
}
