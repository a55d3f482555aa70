import { useState } from "react";

import { useRead } from "~/api/hooks";
import { useTools } from "~/features/persona/tools";
import { Filter } from "~/ui/field";
import { Answer, Card, Empty } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { approval } from "~/words/approval";
import { useWords } from "~/words/words";
import type { Approval } from "./decide";
import { StateBadge } from "./details";

type Ended = Exclude<Approval["state"], "pending">;
const ends: Ended[] = ["executed", "failed", "denied", "expired", "executing"];
const pageSize = 50;
const most = 500; // What the server lists at once.

/** What was decided, by how it ended. */
export function History({ onOpen }: { onOpen: (uuid: string) => void }) {
  const w = useWords(approval);
  const tools = useTools();
  const [ended, setEnded] = useState<Ended | "">("");
  const [limit, setLimit] = useState(pageSize);
  const read = useRead("list_approvals", { ...(ended ? { state: ended } : {}), limit }, { keep: true });
  const decided = read.data?.approvals.filter((one) => one.state !== "pending") ?? [];
  const none = read.data !== undefined && ended === "" && decided.length === 0 && read.data.approvals.length < limit;
  return (
    <Card flush title={w.history}
          actions={!none && (
            <Filter label={w.filter} value={ended} onChange={(event) => { setEnded(event.target.value as Ended | ""); setLimit(pageSize); }}>
              <option value="">{w.anyEnd}</option>
              {ends.map((one) => <option key={one} value={one}>{w.states[one]}</option>)}
            </Filter>
          )}>
      <Answer of={read}>
        {({ approvals }) => (
          <Table label={w.history} rows={decided} keyOf={(one) => one.uuid}
                 onOpen={(one) => onOpen(one.uuid)}
                 more={{ has: approvals.length >= limit && limit < most, busy: read.isFetching, load: () => setLimit(Math.min(most, limit * 2)) }}
                 empty={none ? <p className="px-5 pb-4 text-sm text-soft">{w.nothingDecided}</p> : <Empty icon="audit" title={ended ? w.nothingSo : w.nothingDecided} />}
                 columns={[
                   { name: w.what, cell: (one) => tools.title(one.tool) },
                   { name: w.who, cell: (one) => w.forWhom(one.persona, one.requested_by) },
                   { name: w.ended, cell: (one) => <StateBadge state={one.state} /> },
                   { name: w.decided, minor: true, cell: (one) => (one.decided_at ? one.decided_by || w.theOwner : w.nobody) },
                   { name: w.when, cell: (one) => <Moment at={one.decided_at ?? one.expires_at} /> },
                 ]} />
        )}
      </Answer>
    </Card>
  );
}
