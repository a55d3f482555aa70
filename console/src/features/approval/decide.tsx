import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import { useMayAct } from "~/features/persona/tools";
import { Button } from "~/ui/button";
import { Problems, TextField } from "~/ui/field";
import { tell } from "~/ui/toast";
import { approval } from "~/words/approval";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";

export type Approval = OutputOf<"get_approval">;

export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value && typeof value === "object" && "message" in value) return String(value.message);
  return value === null || value === undefined ? "" : JSON.stringify(value);
}

/** Yes or no to a question that waits, with a word for the persona. */
export function Decide({ of, plain, onDone }: { of: Approval; plain?: boolean; onDone?: (decided: Approval) => void }) {
  const w = useWords(approval);
  const server = useServer();
  const may = useMayAct();
  const [note, setNote] = useState("");
  const decide = useWrite("decide_approval", {
    onDone: (decided) => {
      if (decided.state === "failed") tell(w.couldNot(server.say(textOf(decided.answer))), true);
      else tell(decided.state === "denied" ? w.deniedNow : decided.state === "executing" ? w.onItsWay : w.approved);
      onDone?.(decided);
    },
  });
  if (!may) return <p className="text-sm text-soft">{w.mayLook}</p>;
  const verdict = decide.isPending ? decide.variables.verdict : null;
  const send = (chosen: "approve" | "deny") => {
    if (!decide.isPending) decide.mutate({ approval_uuid: of.uuid, verdict: chosen, ...(note.trim() ? { note: note.trim() } : {}) });
  };
  return (
    <form noValidate className="flex flex-col gap-3" onSubmit={(event) => event.preventDefault()}>
      {!plain && (
        <TextField label={w.note} optional hint={w.noteHint} maxLength={1000} autoComplete="off" value={note}
                   onChange={(event) => setNote(event.target.value)} problem={problemOf(decide.error, "note")} />
      )}
      <Problems of={otherProblems(decide.error, ["note"])} />
      <div className="flex flex-wrap gap-2">
        <Button look="primary" icon="check" small={plain ?? false} busy={verdict === "approve"} disabled={verdict !== null} onClick={() => send("approve")}>{w.approve}</Button>
        <Button icon="close" small={plain ?? false} busy={verdict === "deny"} disabled={verdict !== null} onClick={() => send("deny")}>{w.deny}</Button>
      </div>
    </form>
  );
}
