// Signing in at another service in the browser: this page names the other side's page, and waits
// until the person is back, which the server's own page at /connections/callback sees to.

import { useEffect, useState } from "react";

import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { Button, Buttons, Spinner, buttonClass } from "~/ui/button";
import { Dialog, FormDialog } from "~/ui/dialog";
import { TextField } from "~/ui/field";
import { Icon } from "~/ui/icon";
import { Notice } from "~/ui/page";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { connection as texts } from "~/words/connection";
import { useWords } from "~/words/words";
import { PermissionsField, everything, namesOf, permissionsOf } from "./permissions";
import type { Connection, Connector } from "./state";

const shown = ["base_url", "name", "handle", "client_id", "client_secret"];

export function SignInDialog({ connector, again, onClose }: {
  connector: Connector;
  /** A connection that is to be made again. */
  again?: Connection; onClose: () => void;
}) {
  const w = useWords(texts);
  const [given, setGiven] = useState({ base_url: "", name: "", handle: "", client_id: "", client_secret: "" });
  const [permissions, setPermissions] = useState(() => (again ? permissionsOf(connector, again) : everything));
  const start = useWrite("start_connection");
  if (start.data) return <Awaited url={start.data.url} connector={connector} again={again} onClose={onClose} />;
  const field = (name: keyof typeof given) => ({
    value: given[name], onChange: (event: { target: { value: string } }) => setGiven({ ...given, [name]: event.target.value }),
    problem: problemOf(start.error, name), autoComplete: "off", optional: true,
  });
  return (
    <FormDialog title={w.signInThere(again?.name ?? connector.title)} action={w.goOn} busy={start.isPending} onClose={onClose}
                problems={otherProblems(start.error, shown)}
                onSubmit={() => start.mutate({
                  connector: connector.connector, connection_uuid: again?.uuid ?? null, base_url: given.base_url || null,
                  name: given.name || null, handle: given.handle || null, client_id: given.client_id || null,
                  client_secret: given.client_secret || null,
                  // One that is made again keeps what it has unless it is told of more by name.
                  permissions: namesOf(connector, permissions) ?? (again ? connector.tools.map((one) => one.name) : null),
                })}>
      <p className="text-sm text-soft">{w.signInAbout(connector.title)}</p>
      {!again && (
        <>
          <TextField {...field("base_url")} label={w.address} type="url" inputMode="url" placeholder={connector.base_url || "https://"}
                     {...(connector.base_url ? { hint: w.addressHint(connector.base_url) } : {})} />
          <TextField {...field("name")} label={w.connectionName} hint={w.connectionNameHint} />
        </>
      )}
      <PermissionsField connector={connector} value={permissions} onChange={setPermissions} />
      <details>
        <summary className="text-sm font-medium">{w.details}</summary>
        <div className="mt-3 flex flex-col gap-4">
          {!again && <TextField {...field("handle")} label={w.handle} hint={w.handleHint(given.handle || connector.connector)} />}
          <fieldset className="flex flex-col gap-4">
            <legend className="mb-1 text-sm font-medium">{w.ownApp}</legend>
            <p className="-mt-3 text-sm text-soft">{w.ownAppAbout}</p>
            <TextField {...field("client_id")} label={w.clientId} />
            <TextField {...field("client_secret")} label={w.clientSecret} type="password" autoComplete="new-password" />
          </fieldset>
        </div>
      </details>
    </FormDialog>
  );
}

/** What tells a connection that was just made, or made again, from what was there before. */
function mark(one: Connection): string {
  return [one.uuid, one.state, one.rotated_at].join(" ");
}

function Awaited({ url, connector, again, onClose }: {
  url: string; connector: Connector; again: Connection | undefined; onClose: () => void;
}) {
  const w = useWords(texts);
  const c = useWords(common);
  const connections = useRead("list_connections", {}, { every: 2_000 });
  const now = connections.data?.connections.filter((one) => one.connector === connector.connector && one.state !== "revoked");
  const [before] = useState(() => new Set(now?.map(mark)));
  const made = now?.find((one) => (again ? one.uuid === again.uuid && one.state === "connected" : true) && !before.has(mark(one)));
  const name = made?.name;
  useEffect(() => {
    if (name === undefined) return;
    tell(w.nowConnected(name));
    onClose();
  }, [name, onClose, w]);
  return (
    <Dialog title={w.signInThere(again?.name ?? connector.title)} onClose={onClose}>
      <Notice>{w.leaves(new URL(url).host)}</Notice>
      <a href={url} target="_blank" rel="noreferrer" className={`${buttonClass("primary")} mt-4 w-full`}>
        <Icon name="external" />{w.openSignIn}
      </a>
      <p role="status" className="mt-4 flex items-center gap-2 text-sm text-soft"><Spinner />{w.waiting}</p>
      <Buttons><Button onClick={onClose}>{c.cancel}</Button></Buttons>
    </Dialog>
  );
}
