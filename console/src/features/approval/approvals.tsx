import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { useRead } from "~/api/hooks";
import { Avatar } from "~/features/persona/avatar";
import { useTools } from "~/features/persona/tools";
import { Button } from "~/ui/button";
import { Dialog } from "~/ui/dialog";
import { Answer, Card, Empty, Page } from "~/ui/page";
import { Moment } from "~/ui/show";
import { approval } from "~/words/approval";
import { common } from "~/words/common";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import { Decide, type Approval } from "./decide";
import { Details, EffectBadge, StateBadge, ToChat } from "./details";
import { History } from "./history";

const pageSize = 20;
const most = 500; // What the server lists at once.

function Waiting({ of }: { of: Approval }) {
  const w = useWords(approval);
  const tools = useTools();
  const personas = useRead("list_personas", {});
  const persona = personas.data?.personas.find((one) => one.uuid === of.persona_uuid);
  const title = tools.title(of.tool);
  return (
    <li>
      <article aria-label={title} className="rounded-2xl border border-line bg-paper">
        <header className="flex items-start gap-3 border-b border-line px-5 py-4">
          <Avatar avatar={persona?.avatar} name={of.persona} />
          <div className="min-w-0 grow">
            <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 font-semibold">{title}<EffectBadge tool={tools.find(of.tool)} /></h3>
            <p className="text-sm text-soft">{w.forWhom(of.persona, of.requested_by)} · <Moment at={of.created_at} /></p>
          </div>
        </header>
        <div className="grid gap-6 px-5 py-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <Details of={of} />
          <div className="flex flex-col gap-3 border-line max-lg:border-t max-lg:pt-4 lg:border-l lg:pl-6">
            <div className="text-sm">
              <p>{serverIn().say(of.reason)}</p>
              <p className="mt-1 text-soft">{w.credits(of.price)} · {w.ends} <Moment at={of.expires_at} /></p>
              <ToChat of={of} />
            </div>
            <Decide of={of} />
          </div>
        </div>
      </article>
    </li>
  );
}

function Pending() {
  const w = useWords(approval);
  const c = useWords(common);
  const [limit, setLimit] = useState(pageSize);
  const pending = useRead("list_approvals", { state: "pending", limit }, { keep: true });
  return (
    <section aria-label={w.pending}>
      <Answer of={pending}>
        {({ approvals }) => approvals.length === 0
          ? <Card><Empty icon="approval" title={w.nothingTitle}>{w.nothing}</Empty></Card>
          : (
            <>
              <ul className="flex flex-col gap-4">{approvals.map((one) => <Waiting key={one.uuid} of={one} />)}</ul>
              {approvals.length === limit && limit < most && (
                <p className="mt-3 text-center"><Button look="quiet" busy={pending.isFetching} onClick={() => setLimit(Math.min(most, limit * 2))}>{c.more}</Button></p>
              )}
            </>
          )}
      </Answer>
    </section>
  );
}

/** The one that a link or a row asks for, whatever became of it. */
function Opened({ uuid, onClose }: { uuid: string; onClose: () => void }) {
  const w = useWords(approval);
  const tools = useTools();
  const read = useRead("get_approval", { approval_uuid: uuid });
  return (
    <Dialog wide title={read.data ? tools.title(read.data.tool) : w.title} onClose={onClose}>
      <Answer of={read}>
        {(of) => (
          <div className="flex flex-col gap-5">
            <p className="-mt-2 flex flex-wrap items-center gap-2 text-sm text-soft">
              <StateBadge state={of.state} /><EffectBadge tool={tools.find(of.tool)} />
              <span>{w.forWhom(of.persona, of.requested_by)} · <Moment at={of.created_at} /></span>
            </p>
            <Details facts of={of} />
            {of.state === "pending" && <div className="border-t border-line pt-4"><Decide of={of} onDone={onClose} /></div>}
          </div>
        )}
      </Answer>
    </Dialog>
  );
}

export default function Approvals() {
  const w = useWords(approval);
  const navigate = useNavigate();
  const { open }: { open?: string } = useSearch({ strict: false });
  const show = (uuid?: string) => void navigate({ to: "/approvals", search: uuid ? { open: uuid } : {}, replace: !uuid });
  return (
    <Page title={w.title} about={w.about}>
      <div className="flex flex-col gap-6">
        <Pending />
        <History onOpen={show} />
      </div>
      {open && <Opened key={open} uuid={String(open)} onClose={() => show()} />}
    </Page>
  );
}
