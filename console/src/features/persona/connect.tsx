import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, useRead, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { Answer, Card } from "~/ui/page";
import { Copyable, Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { tell } from "~/ui/toast";
import { persona } from "~/words/persona";
import { useWords } from "~/words/words";
import { Setup } from "./setup";
import { MakeToken } from "./token";
import { useMayAct, type Persona } from "./tools";

type App = OutputOf<"list_authorized_apps">["apps"][number];

function Revoke({ app, onClose }: { app: App; onClose: () => void }) {
  const w = useWords(persona);
  const revoke = useWrite("revoke_authorized_app", {
    onDone: () => {
      tell(w.revoked);
      onClose();
    },
  });
  return (
    <FormDialog danger title={w.revokeTitle(app.app)} action={w.revoke} busy={revoke.isPending} problems={otherProblems(revoke.error, [])} onClose={onClose}
                onSubmit={() => revoke.mutate({ app_id: app.id })}>
      <p>{w.revokeAbout(app.app, app.persona)}</p>
    </FormDialog>
  );
}

function Apps({ of }: { of: Persona }) {
  const w = useWords(persona);
  const may = useMayAct();
  const read = useRead("list_authorized_apps", {});
  const [revokes, setRevokes] = useState<App | null>(null);
  return (
    <Card flush title={w.apps}>
      <Answer of={read}>
        {({ apps }) => (
          <Table label={w.apps} rows={apps.filter((one) => one.persona_uuid === of.uuid)} keyOf={(one) => String(one.id)}
                 empty={<p className="px-5 pb-5 text-soft">{w.noApps}</p>}
                 columns={[
                   { name: w.app, cell: (one) => <>{one.app}<span className="block text-sm font-normal text-soft">{one.redirect_host}</span></> },
                   { name: w.allowedBy, cell: (one) => <>{one.allowed_by}, <Moment at={one.allowed_at} /></> },
                   { name: w.endsUnused, cell: (one) => <Moment at={one.ends_at} /> },
                 ]}
                 {...(may ? { actions: (one: App) => <Button small look="danger" aria-label={w.revokeTitle(one.app)} onClick={() => setRevokes(one)}>{w.revoke}</Button> } : {})} />
        )}
      </Answer>
      {revokes && <Revoke app={revokes} onClose={() => setRevokes(null)} />}
    </Card>
  );
}

/** How an MCP client reaches what it is granted. */
export function Connect({ of }: { of: Persona }) {
  const w = useWords(persona);
  const may = useMayAct();
  const [makes, setMakes] = useState(false);
  const url = `${window.location.origin}/mcp`;
  return (
    <div className="flex flex-col gap-4">
      <Card title={w.address} about={w.addressAbout}>
        <Copyable text={url} label={w.address} />
        <div className="mt-5 grid gap-6 sm:grid-cols-2">
          <section>
            <h3 className="font-medium">{w.signInWay}</h3>
            <p className="mt-0.5 text-sm text-soft">{w.signInAbout}</p>
          </section>
          <section>
            <h3 className="font-medium">{w.tokenWay}</h3>
            <p className="mt-0.5 text-sm text-soft">{w.tokenAbout} {w.tokensElsewhere}</p>
            {may && <Button small icon="key" className="mt-3" onClick={() => setMakes(true)}>{w.makeToken}</Button>}
          </section>
        </div>
      </Card>
      <Card title={w.setup}><Setup url={url} /></Card>
      <Apps of={of} />
      {makes && <MakeToken of={of} onClose={() => setMakes(false)} />}
    </div>
  );
}
