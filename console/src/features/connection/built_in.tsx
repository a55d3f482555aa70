import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import { TextField } from "~/ui/field";
import { Answer, Badge, Card, Empty, Page } from "~/ui/page";
import { Marked } from "~/ui/show";
import { Table } from "~/ui/table";
import { common } from "~/words/common";
import { connection as texts } from "~/words/connection";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";
import { ToolEffect } from "./state";

type Tool = OutputOf<"list_tools">["tools"][number];

/** Those that every Piggy has, the vendor's too. */
const fourteen = new Set([
  "piggy_claim_anonymous_contact", "piggy_create_contact_attribute", "piggy_create_credit_reception", "piggy_create_vouchers_batch",
  "piggy_find_or_create_products", "piggy_find_voucher_by_code", "piggy_get_contact_auth_token", "piggy_get_contact_credit_balance",
  "piggy_list_forms", "piggy_list_perks", "piggy_merge_contacts", "piggy_send_contact_verification_email", "piggy_update_bookings",
  "piggy_update_contact_identifiers",
]);

export default function BuiltIn() {
  const w = useWords(texts);
  const c = useWords(common);
  const [wanted, setWanted] = useState("");
  const server = useServer();
  const tools = useRead("list_tools", {});
  return (
    <Page title={w.builtIn} about={w.builtInAbout} back={{ to: "/integrations", label: w.title }}>
      <div className="mb-4 max-w-sm">
        <TextField label={w.findTool} type="search" value={wanted} onChange={(event) => setWanted(event.target.value)} placeholder={c.search} />
      </div>
      <Answer of={tools}>
        {({ tools: all }) => {
          const words = wanted.toLowerCase().split(/\s+/);
          const found = all.filter((one) => one.connection === "")
            .filter((one) => words.every((word) => `${one.tool} ${server.title(one.tool, one)} ${server.about(one)}`.toLowerCase().includes(word)));
          const first = found.filter((one) => fourteen.has(one.tool));
          const others = found.filter((one) => !fourteen.has(one.tool));
          if (found.length === 0) return <Card><Empty icon="tool" title={w.noTool}>{w.noToolAbout}</Empty></Card>;
          return (
            <div className="flex flex-col gap-5">
              {first.length > 0 && <Tools title={w.theFourteen} about={w.theFourteenAbout} tools={first} />}
              {others.length > 0 && <Tools title={w.more} about={w.moreAbout} tools={others} />}
            </div>
          );
        }}
      </Answer>
    </Page>
  );
}

function Tools({ title, about, tools }: { title: string; about: string; tools: Tool[] }) {
  const w = useWords(texts);
  const c = useWords(common);
  const server = useServer();
  return (
    <Card title={title} about={about} flush>
      <Table label={title} rows={tools} keyOf={(one) => one.tool} to={(one) => `/integrations/tools/${one.tool}`}
             columns={[
               { name: w.tool, cell: (one) => server.title(one.tool, one), className: "sm:w-72" },
               { name: c.description, minor: true, prose: true, cell: (one) => <span className="line-clamp-2 text-sm text-soft"><Marked text={server.about(one)} /></span> },
               {
                 name: w.effect, className: "sm:w-64 sm:whitespace-nowrap",
                 cell: (one) => <span className="inline-flex flex-wrap justify-end gap-1.5 sm:justify-start"><ToolEffect effect={one.effect} />{one.can_be_undone && <Badge tone="good">{w.canUndo}</Badge>}</span>,
               },
               { name: w.costs, number: true, cell: (one) => w.price(one.price), className: "sm:w-36 sm:whitespace-nowrap" },
             ]} />
    </Card>
  );
}
