import { Link } from "@tanstack/react-router";

import { useRead } from "~/api/hooks";
import { buttonClass } from "~/ui/button";
import { Answer, Card, Empty } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { ConnectionState, type Connection } from "~/features/connection/state";
import { useUses } from "~/features/connection/uses";
import { common } from "~/words/common";
import { settings as texts } from "~/words/settings";
import { useWords } from "~/words/words";

export function WebhookConnections() {
  const w = useWords(texts);
  const c = useWords(common);
  const connections = useRead("list_connections", {});
  const connect = <Link to="/integrations/webhook" className={buttonClass()}>{w.connectWebhook}</Link>;
  return (
    <Card title={w.connectedWebhooks} about={w.webhooksAbout} flush actions={connect}>
      <Answer of={connections}>
        {({ connections: all }) => (
          <Table label={w.connectedWebhooks} rows={all.filter((one) => one.connector === "webhook" && one.state !== "revoked")} keyOf={(one) => one.uuid!}
                 empty={<Empty icon="external" title={w.noWebhooks}>{w.noWebhooksAbout}</Empty>} to={() => "/integrations/webhook"}
                 columns={[
                   { name: c.name, cell: (one) => one.name },
                   { name: w.address, cell: (one) => one.base_url, minor: true },
                   { name: w.gets, cell: (one) => <Gets connection={one} /> },
                   { name: c.state, cell: (one) => <ConnectionState state={one.state} /> },
                   { name: w.lastSent, cell: (one) => <Moment at={one.last_used_at} none={w.never} /> },
                 ]} />
        )}
      </Answer>
    </Card>
  );
}

function Gets({ connection }: { connection: Connection }) {
  const w = useWords(texts);
  const c = useWords(common);
  const uses = useUses(connection);
  if (uses.pending) return <span className="text-soft">{c.loading}</span>;
  const lines = [...uses.flows.map((one) => w.getsFlow(one.name)), ...uses.personas.map((one) => w.getsPersona(one.name))];
  if (lines.length === 0) return <span className="text-soft">{w.getsNothing}</span>;
  return <>{lines.map((line) => <span key={line} className="block">{line}</span>)}</>;
}
