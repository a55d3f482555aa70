import { otherProblems, useRehearsal, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { Effect } from "~/ui/show";
import { tell } from "~/ui/toast";
import { audit as texts } from "~/words/audit";
import { common } from "~/words/common";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import type { Call } from "./show";

/** Only what has a counter-entry can be taken back; the server knows, and says why not. */
export function UndoDialog({ call, onClose }: { call: Call; onClose: () => void }) {
  const w = useWords(texts);
  const c = useWords(common);
  const input = { call_uuid: call.uuid };
  const rehearsal = useRehearsal("undo_call");
  const undo = useWrite("undo_call", {
    onDone: (done) => {
      tell(w.undone(done.undone_by));
      onClose();
    },
  });
  return (
    <FormDialog title={w.undoTitle(serverIn().title(call.operation))} action={w.undo} danger busy={undo.isPending} onClose={onClose}
                problems={otherProblems(undo.error ?? rehearsal.error, [])} onSubmit={() => undo.mutate(input)}>
      <p>{w.undoAbout}</p>
      {rehearsal.data
        ? <Effect lines={rehearsal.data.effect} />
        : <div><Button small busy={rehearsal.isPending} onClick={() => rehearsal.mutate(input)}>{c.tryFirst}</Button></div>}
    </FormDialog>
  );
}
