import { useParams } from "@tanstack/react-router";
import { useState } from "react";

import { useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Answer, Card, Empty, Failed, Page } from "~/ui/page";
import { Marked } from "~/ui/show";
import { Table } from "~/ui/table";
import { common } from "~/words/common";
import { connection as texts } from "~/words/connection";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";
import { ConnectDialog } from "./connect_dialog";
import { ConnectionCard } from "./connection_card";
import { SignInDialog } from "./sign_in_dialog";
import { ToolEffect, type Connection, type Connector } from "./state";

export default function ConnectorPage() {
  const w = useWords(texts);
  const server = useServer();
  const { connector: name = "" } = useParams({ strict: false });
  const connectors = useRead("list_connectors", {});
  const connections = useRead("list_connections", {});
  const connector = connectors.data?.connectors.find((one) => one.connector === name);
  if (!connector) {
    return (
      <Page title={w.title} back={{ to: "/integrations", label: w.title }}>
        <Card><Answer of={connectors}>{() => <Empty icon="integrations" title={w.noSuch} />}</Answer></Card>
      </Page>
    );
  }
  const title = server.say(connector.title);
  const of = (connections.data?.connections ?? []).filter((one) => one.connector === name && one.uuid !== null);
  return (
    <Page title={title} about={w.connectors[name] ?? connector.about} back={{ to: "/integrations", label: w.title }}
          actions={<ConnectButtons connector={connector} />}>
      {connections.error && !connections.data
        ? <Card><Failed error={connections.error} retry={() => void connections.refetch()} /></Card>
        : <Connections connector={connector} of={of} pending={connections.isPending} />}
      <div className="mt-5"><ConnectorTools connector={connector} of={of} /></div>
    </Page>
  );
}

function ConnectButtons({ connector }: { connector: Connector }) {
  const w = useWords(texts);
  const [open, setOpen] = useState<"key" | "sign_in">();
  return (
    <>
      <Button look={connector.sign_in ? "plain" : "primary"} icon={connector.sign_in ? "key" : "plus"} onClick={() => setOpen("key")}>
        {connector.sign_in ? w.withKey : w.connect}
      </Button>
      {connector.sign_in && <Button look="primary" icon="external" onClick={() => setOpen("sign_in")}>{w.signInThere(connector.title)}</Button>}
      {open === "key" && <ConnectDialog connector={connector} onClose={() => setOpen(undefined)} />}
      {open === "sign_in" && <SignInDialog connector={connector} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function Connections({ connector, of, pending }: { connector: Connector; of: Connection[]; pending: boolean }) {
  const w = useWords(texts);
  const server = useServer();
  const revoked = of.filter((one) => one.state === "revoked");
  const others = of.filter((one) => one.state !== "revoked");
  if (pending) return null;
  return (
    <section aria-label={w.connections} className="flex flex-col gap-4">
      {others.length === 0 && <Card><Empty icon="integrations" title={w.noConnections(server.say(connector.title))}>{w.noConnectionsAbout}</Empty></Card>}
      {others.map((one) => <ConnectionCard key={one.uuid} connector={connector} connection={one} />)}
      {revoked.length > 0 && (
        <details className="rounded-2xl border border-line bg-paper px-5 py-3">
          <summary className="text-sm font-medium">{w.revokedOnes(revoked.length)}</summary>
          <div className="mt-3 flex flex-col gap-4">
            {revoked.map((one) => <ConnectionCard key={one.uuid} connector={connector} connection={one} />)}
          </div>
        </details>
      )}
    </section>
  );
}

/** A tool can be tried once there is a connection that brings it. */
function ConnectorTools({ connector, of }: { connector: Connector; of: Connection[] }) {
  const w = useWords(texts);
  const c = useWords(common);
  const server = useServer();
  const toolOf = (one: Connector["tools"][number]) => ({ ...one, tool: one.name, connection: connector.connector });
  const handle = of.find((one) => one.state !== "revoked")?.handle;
  const bringing = (tool: string) => of.map((one) => `${one.handle}_${tool}`).find((name, at) => of[at]!.tools.includes(name));
  return (
    <Card title={w.tools} flush>
      <Table label={w.tools} rows={connector.tools} keyOf={(one) => one.name}
             {...(handle ? { to: (one: Connector["tools"][number]) => `/integrations/tools/${bringing(one.name) ?? `${handle}_${one.name}`}` } : {})}
             columns={[
               { name: w.tool, cell: (one) => server.title(one.name, toolOf(one)), className: "sm:whitespace-nowrap" },
               { name: c.description, minor: true, prose: true, cell: (one) => <span className="text-sm text-soft"><Marked text={server.about(toolOf(one))} /></span> },
               { name: w.effect, cell: (one) => <ToolEffect effect={one.effect} />, className: "sm:w-40" },
             ]} />
    </Card>
  );
}
