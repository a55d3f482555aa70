// What personas did last. What people do here themselves, reading most of all, is on record too, but
// would leave no room for anything else.

import { Link } from "@tanstack/react-router";

import { useRead } from "~/api/hooks";
import { outcomeTones } from "~/features/persona/outcomes";
import { useTools } from "~/features/persona/tools";
import { Answer, Badge, Card } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { home } from "~/words/home";
import { persona } from "~/words/persona";
import { useWords } from "~/words/words";

const shownMax = 8;

export function LastCalls() {
  const w = useWords(home);
  const p = useWords(persona);
  const tools = useTools();
  const chat = useRead("list_audit_calls", { door: "chat", limit: 3 * shownMax, brief: true });
  const mcp = useRead("list_audit_calls", { door: "mcp", limit: shownMax, brief: true });
  const flow = useRead("list_audit_calls", { door: "flow", limit: shownMax, brief: true });
  const last = [...(chat.data?.calls ?? []), ...(mcp.data?.calls ?? []), ...(flow.data?.calls ?? [])]
    .filter((one) => one.persona_uuid !== null)
    .sort((a, b) => b.uuid.localeCompare(a.uuid)).slice(0, shownMax);
  return (
    <Card flush title={w.last} actions={<Link to="/audit" className="text-sm text-pink hover:underline">{w.allCalls}</Link>}>
      <Answer of={chat}>
        {() => (
          <Table label={w.last} rows={last} keyOf={(one) => one.uuid} to={(one) => `/audit/${one.uuid}`}
                 empty={<p className="px-5 pb-4 text-sm text-soft">{w.noCalls}</p>}
                 columns={[
                   { name: w.what, cell: (one) => tools.title(one.operation) },
                   { name: w.who, cell: (one) => one.persona },
                   { name: w.door, minor: true, className: "lg:max-xl:hidden", cell: (one) => p.doors[one.door] },
                   { name: w.outcome, cell: (one) => <Badge tone={outcomeTones[one.outcome]}>{p.outcomes[one.outcome]}</Badge> },
                   { name: w.when, cell: (one) => <Moment at={one.made_at} /> },
                 ]} />
        )}
      </Answer>
    </Card>
  );
}
