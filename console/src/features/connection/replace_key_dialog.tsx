import { useState } from "react";

import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import { FormDialog } from "~/ui/dialog";
import { TextField } from "~/ui/field";
import { tell } from "~/ui/toast";
import { connection as texts } from "~/words/connection";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import { endOfDay } from "./connect_dialog";
import type { Connection, Connector } from "./state";

/** The connection stays, with its grants; a key that does not work there changes nothing. */
export function ReplaceKeyDialog({ connector, connection, onClose }: {
  connector: Connector; connection: Connection; onClose: () => void;
}) {
  const w = useWords(texts);
  const [key, setKey] = useState("");
  const [ends, setEnds] = useState("");
  const replace = useWrite("replace_connection_key", {
    onDone: () => {
      tell(w.replaced);
      onClose();
    },
  });
  return (
    <FormDialog title={w.replaceTitle(connection.name)} action={w.replaceKey} busy={replace.isPending} onClose={onClose}
                problems={otherProblems(replace.error, ["key", "expires_at"])}
                onSubmit={() => replace.mutate({ connection_uuid: connection.uuid!, key, expires_at: endOfDay(ends) })}>
      <TextField label={`${w.newKey}: ${serverIn().say(connector.key) || w.keyWord}`} hint={w.keyKept} type="password" autoComplete="new-password" spellCheck={false} autoFocus
                 value={key} onChange={(event) => setKey(event.target.value)} problem={problemOf(replace.error, "key")} />
      <TextField label={w.keyEnds} hint={w.keyEndsHint} type="date" optional value={ends} onChange={(event) => setEnds(event.target.value)}
                 problem={problemOf(replace.error, "expires_at")} />
    </FormDialog>
  );
}
