import { Link, useParams } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Answer, Card, Notice, Page } from "~/ui/page";
import { Json } from "~/ui/show";
import { Facts } from "~/ui/table";
import { audit as texts } from "~/words/audit";
import { useFormats } from "~/words/format";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import { Outcome, tookOf, type Call } from "./show";
import { UndoDialog } from "./undo_dialog";

export default function CallPage() {
  const w = useWords(texts);
  const { id = "" } = useParams({ strict: false });
  const call = useRead("get_audit_call", { call_uuid: id });
  const [undoing, setUndoing] = useState(false);
  const back = { to: "/audit", label: w.title };
  if (!call.data) return <Page title={w.call} back={back}><Card><Answer of={call}>{() => null}</Answer></Card></Page>;
  const one = call.data;
  return (
    <Page title={serverIn().title(one.operation)} about={<code className="font-mono text-sm">{one.operation}</code>} back={back}
          actions={one.outcome === "done" && <Button icon="undo" onClick={() => setUndoing(true)}>{w.undo}</Button>}>
      <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)]">
        <Card title={w.call}><CallFacts call={one} /></Card>
        <div className="flex min-w-0 flex-col gap-5">
          <Payloads call={one} />
        </div>
      </div>
      {undoing && <UndoDialog call={one} onClose={() => setUndoing(false)} />}
    </Page>
  );
}

function CallFacts({ call }: { call: Call }) {
  const w = useWords(texts);
  const f = useFormats();
  const link = (to: string, text: string) => <Link to={to} className="text-pink hover:underline">{text}</Link>;
  const facts: [string, ReactNode][] = [
    [w.facts.outcome, <div key="outcome"><Outcome of={call.outcome} />{call.outcome !== "done" && <p className="mt-1 text-sm text-soft">{w.outcomesAbout[call.outcome]}</p>}</div>],
    [w.facts.made, <time key="made" dateTime={call.made_at}>{f.exact(call.made_at)}</time>],
    [w.facts.took, tookOf(call.duration_us, w, f)],
    [w.facts.by, call.person || w.program],
  ];
  if (call.persona_uuid) facts.push([w.facts.persona, link(`/personas/${call.persona_uuid}`, call.persona || w.openPersona)]);
  facts.push([w.facts.door, w.doors[call.door]]);
  if (call.contact_uuid) facts.push([w.facts.contact, link(`/contacts/${call.contact_uuid}`, w.openContact)]);
  facts.push([w.facts.price, w.credits(call.price)]);
  if (call.approval_uuid) facts.push([w.facts.approval, <a key="approval" href={`/approvals/${call.approval_uuid}`} className="text-pink hover:underline">{w.openApproval}</a>]);
  if (call.conversation_uuid) facts.push([w.facts.conversation, link(`/chat/${call.conversation_uuid}`, w.openConversation)]);
  facts.push([w.facts.number, <code key="number" className="font-mono text-xs">{call.uuid}</code>]);
  return <Facts of={facts} />;
}

function Payloads({ call }: { call: Call }) {
  const w = useWords(texts);
  // Without the right to see payloads all three are withheld.
  if (call.prompt === null && call.arguments === null && call.response === null) return <Notice tone="plain">{w.withheld}</Notice>;
  return (
    <>
      {call.prompt && <Card title={w.prompt}><p className="border-l-2 border-pink pl-3 whitespace-pre-wrap">{call.prompt}</p></Card>}
      <Card title={w.arguments}>{call.arguments === null ? <p className="text-soft">{w.nothing}</p> : <Json value={call.arguments} label={w.arguments} />}</Card>
      <Card title={w.response}>{call.response === null ? <p className="text-soft">{w.nothing}</p> : <Json value={call.response} label={w.response} />}</Card>
    </>
  );
}
