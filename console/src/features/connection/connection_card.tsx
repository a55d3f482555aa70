import { useState, type ReactNode } from "react";

import { useWrite } from "~/api/hooks";
import { Button, IconButton } from "~/ui/button";
import { Menu } from "~/ui/menu";
import { Card, Notice } from "~/ui/page";
import { Day, Moment } from "~/ui/show";
import { Facts } from "~/ui/table";
import { tell, tellProblem } from "~/ui/toast";
import { common } from "~/words/common";
import { connection as texts } from "~/words/connection";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import { PermissionsDialog, permittedOf } from "./permissions";
import { ReplaceKeyDialog } from "./replace_key_dialog";
import { RevokeDialog } from "./revoke_dialog";
import { SignInDialog } from "./sign_in_dialog";
import { ConnectionState, type Connection, type Connector } from "./state";

export function ConnectionCard({ connector, connection }: { connector: Connector; connection: Connection }) {
  const w = useWords(texts);
  const revoked = connection.state === "revoked";
  const by = connection.signed_in ? w.byPerson : connector.key === "" ? w.byNothing : w.byKey;
  const permitted = permittedOf(connector, connection).length;
  const facts: [string, ReactNode][] = [
    [w.facts.whose, connection.whose || "–"],
    [w.facts.handle, <code key="handle" className="font-mono text-sm">{connection.handle}</code>],
    ...(connection.base_url ? [[w.facts.address, connection.base_url] as [string, ReactNode]] : []),
    [w.facts.by, by],
    ...(revoked ? [] : [[w.facts.permissions, w.permitted(permitted, connector.tools.length)] as [string, ReactNode]]),
    [w.facts.used, <Moment key="used" at={connection.last_used_at} none={w.never} />],
    ...(connector.key !== "" && !revoked
      ? [[w.facts.ends, connection.signed_in && connection.expires_at ? w.itself : <Day key="ends" at={connection.expires_at} none={w.unknownEnd} />] as [string, ReactNode]]
      : []),
    ...(connection.rotated_at ? [[w.facts.changed, <Moment key="changed" at={connection.rotated_at} />] as [string, ReactNode]] : []),
    [w.facts.since, <Day key="since" at={connection.created_at} />],
    ...(revoked ? [[w.facts.revoked, <Moment key="revoked" at={connection.revoked_at} />] as [string, ReactNode]] : []),
  ];
  return (
    <Card title={<span className="flex flex-wrap items-center gap-2">{connection.name}<ConnectionState state={connection.state} /></span>}
          {...(revoked ? {} : { actions: <Actions connector={connector} connection={connection} /> })}>
      {connection.problem && <div className="mb-4"><Notice tone={connection.state === "reconnect" ? "bad" : "warn"}>{serverIn().say(connection.problem)}</Notice></div>}
      <Facts of={facts} />
    </Card>
  );
}

function Actions({ connector, connection }: { connector: Connector; connection: Connection }) {
  const w = useWords(texts);
  const c = useWords(common);
  const [open, setOpen] = useState<"key" | "sign_in" | "permissions" | "revoke">();
  const close = () => setOpen(undefined);
  const named = { connection_uuid: connection.uuid! };
  const check = useWrite("check_connection", {
    onDone: (now) => tell(now.state === "reconnect" ? w.checkedBad(now.name) : w.checked(now.name), now.state === "reconnect"),
  });
  const rotate = useWrite("rotate_connection_key", { onDone: () => tell(w.rotated) });
  const hasKey = connector.key !== "" && !connection.signed_in;
  const reconnect = () => setOpen(connection.signed_in ? "sign_in" : "key");
  return (
    <>
      {(connection.state === "reconnect" || connection.state === "expiring") && (connector.key !== "" || connection.signed_in) && (
        <Button small look="primary" icon="retry" onClick={reconnect}>{w.reconnect}</Button>
      )}
      <Button small icon="check" busy={check.isPending} onClick={() => check.mutate(named, { onError: tellProblem })}>{w.check}</Button>
      <Menu items={[
        // Only another Piggy gives out a new key when asked.
        ...(connector.connector === "piggy" && hasKey
          ? [{ label: w.rotate, icon: "retry" as const, onSelect: () => rotate.mutate(named, { onError: tellProblem }) }] : []),
        ...(hasKey ? [{ label: w.replaceKey, icon: "key" as const, onSelect: () => setOpen("key") }] : []),
        ...(connector.sign_in ? [{ label: w.signInThere(connector.title), icon: "external" as const, onSelect: () => setOpen("sign_in") }] : []),
        { label: w.permissions, icon: "approval" as const, onSelect: () => setOpen("permissions") },
        "line" as const,
        { label: w.revoke, icon: "trash" as const, danger: true, onSelect: () => setOpen("revoke") },
      ]}>
        <IconButton icon="more" label={`${c.actions}: ${connection.name}`} className="size-8" busy={rotate.isPending} />
      </Menu>
      {open === "key" && <ReplaceKeyDialog connector={connector} connection={connection} onClose={close} />}
      {open === "sign_in" && <SignInDialog connector={connector} again={connection} onClose={close} />}
      {open === "permissions" && <PermissionsDialog connector={connector} connection={connection} onClose={close} />}
      {open === "revoke" && <RevokeDialog connection={connection} onClose={close} />}
    </>
  );
}
