import { Link, useParams } from "@tanstack/react-router";

import type { OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import { Answer, Badge, Card, Page } from "~/ui/page";
import type { Schema } from "~/ui/schema_form";
import { Marked } from "~/ui/show";
import { Table } from "~/ui/table";
import { connection as texts } from "~/words/connection";
import { useFormats } from "~/words/format";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";
import { parametersOf, withoutRehearsal } from "./parameters";
import { ToolEffect } from "./state";
import { TryTool } from "./try_tool";

export default function ToolPage() {
  const w = useWords(texts);
  const { tool: name = "" } = useParams({ strict: false });
  const server = useServer();
  const tool = useRead("get_tool", { tool: name });
  const connections = useRead("list_connections", {});
  const owner = connections.data?.connections.find((one) => one.tools.includes(name));
  const back = owner && owner.uuid !== null ? { to: `/integrations/${owner.connector}`, label: owner.name }
    : { to: "/integrations/built-in", label: w.builtIn };
  if (!tool.data) return <Page title={name} back={back}><Card><Answer of={tool}>{() => null}</Answer></Card></Page>;
  const schema = withoutRehearsal(tool.data.input_schema as Schema);
  return (
    <Page title={server.title(name, tool.data)} back={back} about={<About tool={tool.data} />}>
      <div className="grid items-start gap-5 min-[90rem]:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-5">
          <Parameters title={w.parameters} schema={schema} />
          {tool.data.output_schema !== null && <Parameters title={w.answers} schema={tool.data.output_schema as Schema} folded />}
          <UsedBy tool={name} />
        </div>
        <TryTool key={name} tool={tool.data} schema={schema} there={owner && owner.uuid !== null ? owner.name : undefined} />
      </div>
    </Page>
  );
}

function About({ tool }: { tool: OutputOf<"get_tool"> }) {
  const w = useWords(texts);
  return (
    <>
      <span className="mb-2 flex flex-wrap items-center gap-2">
        <code className="font-mono text-sm">{tool.tool}</code>
        <ToolEffect effect={tool.effect} />
        <Badge>{w.price(tool.price)}</Badge>
        {tool.can_be_undone && <Badge tone="good">{w.canUndo}</Badge>}
      </span>
      <Marked text={useServer().about(tool)} />
    </>
  );
}

function Parameters({ title, schema, folded }: { title: string; schema: Schema; folded?: boolean }) {
  const w = useWords(texts);
  const server = useServer();
  const rows = parametersOf(schema, w, useFormats());
  const table = rows.length === 0 ? <p className="px-5 pb-4 text-sm text-soft">{w.noParameters}</p> : (
    <Table label={title} rows={rows} keyOf={(row) => row.path}
           columns={[
             {
               name: w.parameter, className: "sm:whitespace-nowrap",
               cell: (row) => (
                 <span className="flex flex-wrap items-center gap-x-2">
                   <code className="font-mono text-[0.8125rem]">{row.path}</code>
                   {row.required && !folded && <span className="text-xs text-pink">{w.required}</span>}
                 </span>
               ),
             },
             { name: w.kind, className: "sm:min-w-36", cell: (row) => <span className="text-sm">{row.kind}</span> },
             { name: w.meaning, prose: true, cell: (row) => <span className="text-sm text-soft"><Marked text={server.say(row.about)} /></span> },
           ]} />
  );
  if (!folded) return <Card title={title} flush>{table}</Card>;
  return (
    <details className="overflow-hidden rounded-2xl border border-line bg-paper">
      <summary className="px-5 py-3.5 font-semibold">{title}</summary>
      {table}
    </details>
  );
}

function UsedBy({ tool }: { tool: string }) {
  const w = useWords(texts);
  const personas = useRead("list_personas", {});
  const holders = personas.data?.personas.filter((one) => one.grants.some((grant) => grant.tool === tool));
  if (!holders) return null;
  return (
    <Card title={w.usedBy}>
      {holders.length === 0 ? <p className="text-sm text-soft">{w.usedByNobody}</p> : (
        <ul className="flex flex-wrap gap-x-4 gap-y-2">
          {holders.map((one) => <li key={one.uuid}><Link to={`/personas/${one.uuid}`} className="text-pink hover:underline">{one.name}</Link></li>)}
        </ul>
      )}
    </Card>
  );
}
