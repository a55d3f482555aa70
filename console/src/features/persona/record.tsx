import { Link } from "@tanstack/react-router";

import { usePages } from "~/api/hooks";
import { buttonClass } from "~/ui/button";
import { Badge, Card, Empty, Failed, Loading } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { persona } from "~/words/persona";
import { useWords } from "~/words/words";
import { outcomeTones } from "./outcomes";
import { useTools, type Persona } from "./tools";

const pageSize = 30;

/** What it did last. */
export function Record({ of }: { of: Persona }) {
  const w = useWords(persona);
  const tools = useTools();
  const calls = usePages("list_audit_calls", { persona_uuid: of.uuid, limit: pageSize, brief: true }, {
    rows: (page) => page.calls,
    next: (page, input) => (page.calls.length < pageSize ? null : { ...input, before: page.calls.at(-1)?.uuid ?? null }),
  });
  if (calls.isPending) return <Loading />;
  if (calls.error && !calls.data) return <Failed error={calls.error} retry={() => void calls.refetch()} />;
  return (
    <Card flush title={w.record} actions={<Link to="/audit" className={buttonClass("plain", true)}>{w.allOnRecord}</Link>}>
      <Table label={w.record} rows={calls.rows} keyOf={(one) => one.uuid} to={(one) => `/audit/${one.uuid}`}
             more={{ has: calls.hasNextPage, busy: calls.isFetchingNextPage, load: () => void calls.fetchNextPage() }}
             empty={<Empty icon="audit" title={w.noRecord}>{w.noRecordAbout}</Empty>}
             columns={[
               { name: w.operation, cell: (one) => tools.title(one.operation) },
               { name: w.outcome, cell: (one) => <Badge tone={outcomeTones[one.outcome]}>{w.outcomes[one.outcome]}</Badge> },
               { name: w.door, minor: true, cell: (one) => w.doors[one.door] },
               { name: w.person, minor: true, cell: (one) => one.person || "–" },
               { name: w.price, number: true, cell: (one) => w.credits(one.price) },
               { name: w.when, cell: (one) => <Moment at={one.made_at} /> },
             ]} />
    </Card>
  );
}
