import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { otherProblems, usePages, useRead, useWrite } from "~/api/hooks";
import { Button, Buttons } from "~/ui/button";
import { Dialog } from "~/ui/dialog";
import { Filter, Problems } from "~/ui/field";
import { Answer, Badge, Card, Empty, type Tone } from "~/ui/page";
import { Json, Moment } from "~/ui/show";
import { Facts, Table } from "~/ui/table";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { webhook as texts } from "~/words/webhook";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import { messageId, type Delivery, type Subscription } from "./webhook";

const tones: Record<Delivery["state"], Tone> = { waiting: "info", delivered: "good", failed: "bad", cancelled: "plain" };
const states = Object.keys(tones) as Delivery["state"][];

export function Deliveries({ subscription }: { subscription: Subscription }) {
  const w = useWords(texts);
  const c = useWords(common);
  const [state, setState] = useState<Delivery["state"]>();
  const [open, setOpen] = useState<string>();
  const list = usePages("list_webhook_deliveries", { subscription_uuid: subscription.uuid, state: state ?? null, since: null, until: null, limit: 30, page: 1 }, {
    rows: (page) => page.deliveries,
    next: (page, input) => (page.page.page * page.page.limit < page.page.total ? { ...input, page: page.page.page + 1 } : null),
  });
  const empty = state
    ? <Empty icon="search" title={w.noneSuch}>{w.noneSuchAbout}</Empty>
    : <Empty icon="external" title={w.noDeliveries}>{w.noDeliveriesAbout}</Empty>;
  return (
    <Card title={w.deliveries} about={w.deliveriesAbout} flush
          actions={(
            <Filter label={c.state} value={state ?? ""} onChange={(event) => setState(states.find((one) => one === event.target.value))}>
              <option value="">{c.allStates}</option>
              {states.map((one) => <option key={one} value={one}>{w.states[one]}</option>)}
            </Filter>
          )}>
      <Answer of={list}>
        {() => (
          <Table label={w.deliveries} rows={list.rows} keyOf={(one) => one.uuid} onOpen={(one) => setOpen(one.uuid)} empty={empty}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 columns={[
                   { name: w.what, cell: (one) => w.events[one.type] ?? one.type },
                   { name: c.state, cell: (one) => <span title={w.statesAbout[one.state]}><Badge tone={tones[one.state]}>{w.states[one.state]}</Badge></span> },
                   { name: w.answer, cell: (one) => <Answered delivery={one} /> },
                   { name: w.attempts, number: true, minor: true, cell: (one) => String(one.attempts) },
                   { name: w.when, cell: (one) => <Moment at={one.created_at} /> },
                 ]} />
        )}
      </Answer>
      {open && <DeliveryDialog uuid={open} resends={subscription.status === "ACTIVE"} onClose={() => setOpen(undefined)} />}
    </Card>
  );
}

function Answered({ delivery }: { delivery: Delivery }) {
  const w = useWords(texts);
  if (delivery.problem) return <span className="text-sm">{serverIn().say(delivery.problem)}</span>;
  return delivery.answer_status === null ? <span className="text-soft">{w.noAnswer}</span> : <span className="tabular-nums">{delivery.answer_status}</span>;
}

function DeliveryDialog({ uuid, resends, onClose }: { uuid: string; resends: boolean; onClose: () => void }) {
  const w = useWords(texts);
  const c = useWords(common);
  const read = useRead("get_webhook_delivery", { delivery_uuid: uuid });
  const now = read.data?.delivery;
  const resend = useWrite("resend_webhook_delivery", { onDone: () => tell(w.resent) });
  return (
    <Dialog title={w.deliveryOf(now ? w.events[now.type] ?? now.type : "…")} wide onClose={onClose}>
      <Answer of={read}>
        {({ delivery, body }) => (
          <div className="flex flex-col gap-4">
            <DeliveryFacts delivery={delivery} email={body ? emailIn(body) : ""} />
            <section className="flex flex-col gap-1.5">
              <h3 className="text-sm font-medium">{w.says}</h3>
              {body ? <Json label={w.says} value={readable(body)} /> : <p className="text-sm text-soft">{w.saysNothing}</p>}
            </section>
            {delivery.answer && (
              <section className="flex flex-col gap-1.5">
                <h3 className="text-sm font-medium">{w.answerBegins} <span className="font-normal text-soft">{w.answerAbout}</span></h3>
                <Json label={w.answerBegins} value={delivery.answer} />
              </section>
            )}
            <Problems of={otherProblems(resend.error, [])} />
          </div>
        )}
      </Answer>
      <Buttons>
        <Button onClick={onClose}>{c.close}</Button>
        {read.data?.body && resends && (
          <Button look="primary" icon="retry" busy={resend.isPending} onClick={() => resend.mutate({ delivery_uuid: uuid })}>{w.resend}</Button>
        )}
      </Buttons>
    </Dialog>
  );
}

function DeliveryFacts({ delivery, email }: { delivery: Delivery; email: string }) {
  const w = useWords(texts);
  const c = useWords(common);
  const facts: Parameters<typeof Facts>[0]["of"] = [
    [c.state, <span key="state" className="flex flex-wrap items-center gap-2"><Badge tone={tones[delivery.state]}>{w.states[delivery.state]}</Badge><span className="text-sm text-soft">{w.statesAbout[delivery.state]}</span></span>],
    [w.answer, <Answered key="answer" delivery={delivery} />],
    [w.attempts, String(delivery.attempts)],
    [w.id, <code key="id" className="font-mono text-sm break-all">{messageId(delivery)}</code>],
    [c.created, <Moment key="created" at={delivery.created_at} />],
    [w.lastAttempt, <Moment key="last" at={delivery.attempted_at} />],
  ];
  if (delivery.next_attempt_at) facts.push([w.nextAttempt, <Moment key="next" at={delivery.next_attempt_at} />]);
  if (delivery.ended_at) facts.push([w.ended, <Moment key="ended" at={delivery.ended_at} />]);
  if (delivery.contact_uuid) {
    facts.push([w.contact, <Link key="contact" to={`/contacts/${delivery.contact_uuid}`} className="wrap-anywhere text-pink underline">{email || delivery.contact_uuid}</Link>]);
  }
  return <Facts of={facts} />;
}

/** Whom it is about, as the receiver reads it; empty where it does not say. */
function emailIn(body: string): string {
  const told = readable(body) as { data?: { contact?: { email?: unknown } } } | null;
  const email = told?.data?.contact?.email;
  return typeof email === "string" ? email : "";
}

/** Over several lines. What is sent is one, with everything beyond ASCII escaped. */
function readable(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
