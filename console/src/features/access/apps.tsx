import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, useRead, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { Answer, Card, Empty } from "~/ui/page";
import { Day, Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { tell } from "~/ui/toast";
import { access as texts } from "~/words/access";
import { useWords } from "~/words/words";

type App = OutputOf<"list_authorized_apps">["apps"][number];

export function Apps() {
  const w = useWords(texts);
  const apps = useRead("list_authorized_apps", {});
  const [ending, setEnding] = useState<App>();
  return (
    <Card title={w.tabs.apps} about={w.appsAbout} flush>
      <Answer of={apps}>
        {({ apps: all }) => (
          <Table label={w.tabs.apps} rows={all} keyOf={(app) => String(app.id)}
                 empty={<Empty icon="integrations" title={w.noApps}>{w.noAppsAbout}</Empty>}
                 columns={[
                   { name: w.app, cell: (app) => <span className="inline-block min-w-32 wrap-anywhere">{app.app}</span> },
                   { name: w.goesTo, cell: (app) => app.redirect_host, minor: true, className: "sm:whitespace-nowrap" },
                   { name: w.asPersona, cell: (app) => app.persona || w.itself, className: "sm:min-w-24" },
                   { name: w.allowedBy, cell: (app) => app.allowed_by },
                   { name: w.allowedAt, cell: (app) => <Moment at={app.allowed_at} /> },
                   { name: w.endsUnlessUsed, cell: (app) => <Day at={app.ends_at} />, minor: true, className: "sm:whitespace-nowrap" },
                 ]}
                 actions={(app) => <Button small look="danger" aria-label={`${w.revokeApp}: ${app.app}`} onClick={() => setEnding(app)}>{w.revokeApp}</Button>} />
        )}
      </Answer>
      {ending && <EndDialog app={ending} onClose={() => setEnding(undefined)} />}
    </Card>
  );
}

function EndDialog({ app, onClose }: { app: App; onClose: () => void }) {
  const w = useWords(texts);
  const revoke = useWrite("revoke_authorized_app", {
    onDone: () => {
      tell(w.appRevoked(app.app));
      onClose();
    },
  });
  return (
    <FormDialog title={w.revokeAppTitle(app.app)} action={w.revokeApp} danger busy={revoke.isPending} onClose={onClose}
                problems={otherProblems(revoke.error, [])} onSubmit={() => revoke.mutate({ app_id: app.id })}>
      <p>{w.revokeAppAbout}</p>
    </FormDialog>
  );
}
