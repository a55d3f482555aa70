import { messageOf, otherProblems, useWrite } from "~/api/hooks";
import { Spinner } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { Icon } from "~/ui/icon";
import { Badge, Notice } from "~/ui/page";
import { tell } from "~/ui/toast";
import { connection as texts } from "~/words/connection";
import { useWords } from "~/words/words";
import type { Connection } from "./state";
import { useUses, type Uses } from "./uses";

/** Says what stops before it is done. */
export function RevokeDialog({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const w = useWords(texts);
  const uses = useUses(connection);
  const revoke = useWrite("revoke_connection", {
    onDone: (now) => {
      tell(w.revoked(now.name));
      onClose();
    },
  });
  return (
    <FormDialog title={w.revokeTitle(connection.name)} action={w.revoke} danger busy={revoke.isPending} disabled={uses.pending} onClose={onClose}
                problems={otherProblems(revoke.error, [])} onSubmit={() => revoke.mutate({ connection_uuid: connection.uuid! })}>
      <p>{w.revokeAbout}</p>
      <section>
        <h3 className="mb-2 text-sm font-semibold">{w.whatStops}</h3>
        {uses.pending
          ? <p role="status" className="flex items-center gap-2 text-sm text-soft"><Spinner />{w.looking}</p>
          : <WhatStops uses={uses} />}
      </section>
    </FormDialog>
  );
}

function WhatStops({ uses }: { uses: Uses }) {
  const w = useWords(texts);
  const none = uses.personas.length === 0 && uses.flows.length === 0;
  return (
    <>
      {uses.errors.length > 0 && <div className="mb-2"><Notice tone="warn">{w.notAllSeen} {messageOf(uses.errors[0])}</Notice></div>}
      {none && uses.errors.length === 0 && <p className="text-sm text-soft">{w.nothingStops}</p>}
      <ul className="flex flex-col gap-2">
        {uses.personas.map((one) => (
          <li key={one.uuid} className="flex gap-2.5">
            <Icon name="persona" className="mt-0.5 size-4.5 text-soft" />
            <div className="min-w-0">
              {w.personaLoses(one.name, one.tools.length)}
              <p className="font-mono text-xs text-soft">{one.tools.join(", ")}</p>
            </div>
          </li>
        ))}
        {uses.flows.map((one) => (
          <li key={one.uuid} className="flex gap-2.5">
            <Icon name="flow" className="mt-0.5 size-4.5 text-soft" />
            <span className="min-w-0">{w.flowStops(one.name)} {!one.enabled && <Badge>{w.flowOff}</Badge>}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
