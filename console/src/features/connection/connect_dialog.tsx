import { useState } from "react";

import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import { FormDialog } from "~/ui/dialog";
import { TextField } from "~/ui/field";
import { Notice } from "~/ui/page";
import { tell } from "~/ui/toast";
import { connection as texts } from "~/words/connection";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";
import { PermissionsField, everything, namesOf } from "./permissions";
import type { Connector } from "./state";

const shown = ["key", "base_url", "name", "handle", "expires_at"];

/** A day of the reader's calendar as the moment at which it ends. */
export function endOfDay(day: string): string | null {
  return day === "" ? null : new Date(`${day}T23:59:59`).toISOString();
}

/** By a key, or by nothing where none is needed. */
export function ConnectDialog({ connector, onClose }: { connector: Connector; onClose: () => void }) {
  const w = useWords(texts);
  const [given, setGiven] = useState({ key: "", base_url: "", name: "", handle: "", ends: "" });
  const [permissions, setPermissions] = useState(everything);
  const connect = useWrite("create_connection", {
    onDone: (made) => {
      tell(w.nowConnected(made.name));
      onClose();
    },
  });
  const field = (name: keyof typeof given) => ({
    value: given[name], onChange: (event: { target: { value: string } }) => setGiven({ ...given, [name]: event.target.value }),
    problem: problemOf(connect.error, name === "ends" ? "expires_at" : name), autoComplete: "off",
  });
  const server = useServer();
  const needsKey = connector.key !== "";
  return (
    <FormDialog title={w.connectTitle(server.say(connector.title))} action={w.connect} busy={connect.isPending} onClose={onClose}
                problems={otherProblems(connect.error, shown)}
                onSubmit={() => connect.mutate({
                  connector: connector.connector, key: given.key || null, base_url: given.base_url || null, name: given.name || null,
                  handle: given.handle || null, expires_at: endOfDay(given.ends), permissions: namesOf(connector, permissions),
                })}>
      <Notice tone="plain">{server.say(connector.about)}</Notice>
      {needsKey && <TextField {...field("key")} label={server.say(connector.key)} hint={w.keyKept} type="password" spellCheck={false} autoComplete="new-password" autoFocus />}
      {needsKey && (
        <TextField {...field("base_url")} label={w.address} type="url" inputMode="url" placeholder={connector.base_url || "https://"}
                   hint={connector.base_url ? w.addressHint(connector.base_url) : w.addressNeeded} optional={connector.base_url !== ""} />
      )}
      <TextField {...field("name")} label={w.connectionName} hint={w.connectionNameHint} optional />
      <PermissionsField connector={connector} value={permissions} onChange={setPermissions} />
      <details>
        <summary className="text-sm font-medium">{w.details}</summary>
        <div className="mt-3 flex flex-col gap-4">
          {!needsKey && <TextField {...field("key")} label={w.keyWord} hint={w.keyOptional} type="password" spellCheck={false} autoComplete="new-password" optional />}
          <TextField {...field("handle")} label={w.handle} hint={w.handleHint(given.handle || connector.connector)} optional />
          <TextField {...field("ends")} label={w.keyEnds} hint={w.keyEndsHint} type="date" optional />
        </div>
      </details>
    </FormDialog>
  );
}
