// Who asked to be erased, what is due, and what became of it.

import { Link } from "@tanstack/react-router";
import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { usePages, useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Filter } from "~/ui/field";
import { Answer, Badge, Card, Empty, type Tone } from "~/ui/page";
import { Day, Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { erasureWords } from "~/words/erasure";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { AcceptDialog, RefuseDialog } from "./decide";
import { FileDialog } from "./file";
import { noonOf } from "./lost";

export type ErasureRequest = OutputOf<"list_erasure_requests">["erasure_requests"][number];
type State = ErasureRequest["state"];

const shown: State[] = ["open", "done", "refused", "withdrawn"];
const tones: Record<State, Tone> = { open: "warn", accepted: "info", done: "good", refused: "bad", withdrawn: "plain" };

/** How many wait, for whoever shows a number; none while it is not known. */
export function useWaitingErasures(): number {
  const open = useRead("list_erasure_requests", { state: "open", limit: 1 });
  return open.data?.page.total ?? 0;
}

export function DueBadge({ request }: { request: Pick<ErasureRequest, "days_left" | "state"> }) {
  const w = useWords(erasureWords);
  if (request.state === "accepted") return <Badge tone="info">{w.stateOf.accepted}</Badge>;
  const days = request.days_left ?? 0;
  return <Badge tone={days < 0 ? "bad" : days <= 7 ? "warn" : "plain"}>{w.dueIn(days)}</Badge>;
}

export function ErasureRequests() {
  const w = useWords(erasureWords);
  const [state, setState] = useState<State | null>("open");
  const [filing, setFiling] = useState(false);
  const [accepting, setAccepting] = useState<ErasureRequest>();
  const [refusing, setRefusing] = useState<ErasureRequest>();
  const list = usePages("list_erasure_requests", { state, limit: 30, page: 1 }, {
    rows: (page) => page.erasure_requests,
    next: (page, input) => (page.page.page * page.page.limit < page.page.total ? { ...input, page: page.page.page + 1 } : null),
  });
  return (
    <Card title={w.title} about={w.about} flush actions={(
      <>
        <Filter label={w.show} value={state ?? ""} onChange={(event) => setState(shown.find((one) => one === event.target.value) ?? null)}>
          {shown.map((one) => <option key={one} value={one}>{w.states[one]}</option>)}
          <option value="">{w.all}</option>
        </Filter>
        <Button small icon="plus" onClick={() => setFiling(true)}>{w.file}</Button>
      </>
    )}>
      <Answer of={list}>
        {() => (
          <Table label={w.title} rows={list.rows} keyOf={(one) => one.uuid}
                 empty={state === "open" ? <Empty icon="check" title={w.none}>{w.noneAbout}</Empty> : <Empty icon="search" title={w.noneThere} />}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 columns={[
                   { name: w.contact, cell: (one) => <Who request={one} />, className: "sm:min-w-64" },
                   { name: w.asked, cell: (one) => <Asked request={one} /> },
                   { name: w.due, cell: (one) => <Due request={one} /> },
                   ...(state === "open" ? [] : [{ name: w.decision, cell: (one: ErasureRequest) => <Decision request={one} /> }]),
                 ]}
                 actionsBelow
                 actions={(one) => one.state === "open" && one.contact && (
                   <div className="flex gap-2 sm:pl-2">
                     <Button small aria-label={`${w.refuse}: ${one.contact.email}`} onClick={() => setRefusing(one)}>{w.refuse}</Button>
                     <Button small look="danger" aria-label={`${w.erase}: ${one.contact.email}`} onClick={() => setAccepting(one)}>{w.erase}</Button>
                   </div>
                 )} />
        )}
      </Answer>
      {filing && <FileDialog onClose={() => setFiling(false)} />}
      {accepting?.contact && <AcceptDialog request={accepting} contact={accepting.contact} onClose={() => setAccepting(undefined)} />}
      {refusing?.contact && <RefuseDialog request={refusing} contact={refusing.contact} onClose={() => setRefusing(undefined)} />}
    </Card>
  );
}

function Who({ request }: { request: ErasureRequest }) {
  const w = useWords(erasureWords);
  if (!request.contact) return <span className="text-soft">{w.nobody}</span>;
  return <Link to={`/contacts/${request.contact.uuid}`} className="font-medium wrap-anywhere hover:text-pink">{request.contact.email}</Link>;
}

function Asked({ request }: { request: ErasureRequest }) {
  const w = useWords(erasureWords);
  return (
    <div>
      <Day at={request.asked_at} /> <span className="text-sm text-soft">{w.channels[request.channel]}{request.filed_by && `, ${w.filedBy(request.filed_by)}`}</span>
      {request.note && <p className="text-sm wrap-anywhere text-soft">{request.note}</p>}
    </div>
  );
}

function Due({ request }: { request: ErasureRequest }) {
  const f = useFormats();
  const waits = request.state === "open" || request.state === "accepted";
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1 max-sm:justify-end">
      <span className="whitespace-nowrap">{f.day(noonOf(request.due_on))}</span>
      {waits && <DueBadge request={request} />}
    </div>
  );
}

function Decision({ request }: { request: ErasureRequest }) {
  const w = useWords(erasureWords);
  if (request.state === "open") return <Badge tone={tones.open}>{w.stateOf.open}</Badge>;
  return (
    <div>
      <Badge tone={tones[request.state]}>{w.stateOf[request.state]}</Badge>{" "}
      <span className="text-sm text-soft"><Moment at={request.done_at ?? request.decided_at} /> {w.by(request.decided_by)}</span>
      {request.reason && <p className="text-sm wrap-anywhere text-soft">{request.reason}</p>}
    </div>
  );
}
