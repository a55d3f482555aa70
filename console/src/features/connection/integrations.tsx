import { Link } from "@tanstack/react-router";

import { useRead } from "~/api/hooks";
import logo from "~/app/piggy.svg";
import { buttonClass } from "~/ui/button";
import { Icon } from "~/ui/icon";
import { Answer, Badge, Page } from "~/ui/page";
import { connection as texts } from "~/words/connection";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";
import { ConnectionState, type Connection, type Connector } from "./state";

export default function Integrations() {
  const w = useWords(texts);
  const connectors = useRead("list_connectors", {});
  const connections = useRead("list_connections", {});
  return (
    <Page title={w.title} about={w.about}>
      <Answer of={connections}>
        {({ connections: all }) => (
          <>
            <BuiltIn of={all.find((one) => one.uuid === null)} />
            <h2 className="mt-8 mb-3 font-semibold">{w.others}</h2>
            <Answer of={connectors}>
              {({ connectors: known }) => (
                <ul className="grid grid-cols-1 gap-4 sm:auto-rows-fr sm:grid-cols-2 xl:grid-cols-3">
                  {known.map((one) => (
                    <ConnectorCard key={one.connector} connector={one}
                                   of={all.filter((each) => each.uuid !== null && each.connector === one.connector && each.state !== "revoked")} />
                  ))}
                </ul>
              )}
            </Answer>
          </>
        )}
      </Answer>
    </Page>
  );
}

/** What needs no sign-in stands first. */
function BuiltIn({ of }: { of: Connection | undefined }) {
  const w = useWords(texts);
  if (!of) return null;
  return (
    <section className="flex flex-wrap items-center gap-x-5 gap-y-4 rounded-2xl border border-line bg-paper p-5">
      <img src={logo} alt="" className="size-12 shrink-0" />
      <div className="min-w-0 grow basis-64">
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="font-semibold">{w.builtIn}</h2>
          <ConnectionState state={of.state} />
          <Badge>{w.toolCount(of.tools.length)}</Badge>
        </div>
        <p className="mt-1 max-w-prose text-sm text-soft">{w.builtInAbout}</p>
      </div>
      <Link to="/integrations/built-in" className={buttonClass("primary")}>{w.seeTools}</Link>
    </section>
  );
}

function ConnectorCard({ connector, of }: { connector: Connector; of: Connection[] }) {
  const w = useWords(texts);
  const server = useServer();
  const needsYou = of.some((one) => one.state === "reconnect");
  return (
    <li className="relative flex min-w-0 flex-col rounded-2xl border border-line bg-paper p-5 transition hover:border-edge">
      <div className="flex items-start justify-between gap-3">
        <h3 className="font-semibold">
          <Link to={`/integrations/${connector.connector}`} className="after:absolute after:inset-0 after:rounded-2xl">{server.say(connector.title)}</Link>
        </h3>
        {needsYou ? <Badge tone="bad">{w.needsYou}</Badge>
          : of.length > 0 && <Badge tone="good">{w.connected(of.length)}</Badge>}
      </div>
      <p className="mt-1 line-clamp-3 text-sm text-soft">{w.connectors[connector.connector] ?? connector.about}</p>
      {of.length > 0 && (
        <ul className="mt-3 flex flex-col gap-1 text-sm">
          {of.slice(0, 3).map((one) => (
            <li key={one.uuid} className="flex items-center justify-between gap-2">
              <span className="truncate">{one.name}</span>
              {one.state !== "connected" && <ConnectionState state={one.state} />}
            </li>
          ))}
        </ul>
      )}
      <p className="mt-auto flex items-center gap-1.5 pt-4 text-sm text-soft">
        <Icon name="tool" className="size-4" />
        <span className="min-w-0 truncate" title={connector.tools.map((one) => server.title(one.name, { ...one, tool: one.name, connection: connector.connector })).join(", ")}>
          {w.toolCount(connector.tools.length)}
        </span>
      </p>
    </li>
  );
}
