// What a connection may be used for: everything, only reading, or the tools that a person chooses.

import { useState } from "react";

import { otherProblems, useWrite } from "~/api/hooks";
import { FormDialog } from "~/ui/dialog";
import { CheckField } from "~/ui/field";
import { tell } from "~/ui/toast";
import { connection as texts } from "~/words/connection";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";
import { ToolEffect, type Connection, type Connector } from "./state";

const kinds = ["all", "read", "chosen"] as const;

export interface Permissions {
  kind: (typeof kinds)[number];
  chosen: string[];
}

export const everything: Permissions = { kind: "all", chosen: [] };

/** The tools of its connector that it may be used for. */
export function permittedOf(connector: Connector, connection: Connection): string[] {
  return connector.tools.map((one) => one.name).filter((name) => connection.tools.includes(`${connection.handle}_${name}`));
}

export function permissionsOf(connector: Connector, connection: Connection): Permissions {
  const chosen = permittedOf(connector, connection);
  return chosen.length === connector.tools.length ? everything : { kind: "chosen", chosen };
}

/** As the server takes them: null is all tools, also those that come later. */
export function namesOf(connector: Connector, { kind, chosen }: Permissions): string[] | null {
  if (kind === "all") return null;
  return kind === "chosen" ? chosen : connector.tools.filter((one) => one.effect === "read").map((one) => one.name);
}

export function PermissionsField({ connector, value, onChange, titled }: {
  connector: Connector; value: Permissions; onChange: (next: Permissions) => void;
  /** The dialog's title says already what is asked. */
  titled?: boolean;
}) {
  const w = useWords(texts);
  const server = useServer();
  const reads = connector.tools.some((one) => one.effect === "read") && connector.tools.some((one) => one.effect !== "read");
  const toggle = (name: string, on: boolean) =>
    onChange({ ...value, chosen: on ? [...value.chosen, name] : value.chosen.filter((one) => one !== name) });
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className={titled ? "sr-only" : "mb-1.5 text-sm font-medium"}>{w.permissions}</legend>
      {kinds.filter((kind) => kind !== "read" || reads).map((kind) => (
        <label key={kind} className="flex items-start gap-2.5 py-0.5">
          <input type="radio" name="permissions" checked={value.kind === kind} onChange={() => onChange({ ...value, kind })}
                 className="mt-1 size-4 shrink-0 accent-pink" />
          <span>{w.permissionKinds[kind]}</span>
        </label>
      ))}
      {value.kind === "chosen" && (
        <div role="group" aria-label={w.permissionKinds.chosen} tabIndex={0}
             className="mt-1 ml-6.5 flex max-h-64 flex-col gap-1 overflow-y-auto rounded-xl border border-line p-3">
          {connector.tools.map((one) => (
            <CheckField key={one.name} checked={value.chosen.includes(one.name)} onChange={(event) => toggle(one.name, event.target.checked)}
                        label={<span className="flex flex-wrap items-center gap-2">{server.title(one.name, { ...one, tool: one.name, connection: connector.connector })}<ToolEffect effect={one.effect} /></span>} />
          ))}
        </div>
      )}
    </fieldset>
  );
}

export function PermissionsDialog({ connector, connection, onClose }: {
  connector: Connector; connection: Connection; onClose: () => void;
}) {
  const w = useWords(texts);
  const [value, setValue] = useState(() => permissionsOf(connector, connection));
  const set = useWrite("set_connection_permissions", {
    onDone: () => {
      tell(w.permissionsSet);
      onClose();
    },
  });
  return (
    <FormDialog title={w.permissionsTitle(connection.name)} action={w.savePermissions} busy={set.isPending} onClose={onClose}
                problems={otherProblems(set.error, [])}
                onSubmit={() => set.mutate({ connection_uuid: connection.uuid!, permissions: namesOf(connector, value) })}>
      <p className="text-sm text-soft">{w.permissionsAbout}</p>
      <PermissionsField titled connector={connector} value={value} onChange={setValue} />
    </FormDialog>
  );
}
