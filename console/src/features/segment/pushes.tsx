// What a segment was pushed to: the lists of senders, how each push goes, and those that are held.

import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, usePages, useRead, useWrite } from "~/api/hooks";
import { more, nextPage } from "~/features/campaign/marketing";
import { PickPurpose } from "~/features/campaign/pick";
import { Button } from "~/ui/button";
import { Dialog, FormDialog } from "~/ui/dialog";
import { SelectField, TextField } from "~/ui/field";
import { Answer, Badge, Card, Empty, Notice, type Tone } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Facts, Table } from "~/ui/table";
import { tell, tellProblem } from "~/ui/toast";
import { useFormats } from "~/words/format";
import { segment as texts } from "~/words/segment";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import type { Segment } from "./segment_page";

type Push = OutputOf<"list_audience_pushes">["pushes"][number];
const tones: Record<Push["state"], Tone> = { queued: "plain", held: "warn", pushing: "info", completed: "good", failed: "bad", cancelled: "plain" };

export function Pushes({ segment }: { segment: Segment }) {
  const w = useWords(texts);
  const f = useFormats();
  const [making, setMaking] = useState(false);
  const [shown, setShown] = useState<string | null>(null);
  const read = usePages("list_audience_pushes", { segment_uuid: segment.uuid }, { rows: (page) => page.pushes, next: nextPage });
  return (
    <Card flush title={w.pushes} about={w.pushesAbout} actions={<Button small icon="upload" onClick={() => setMaking(true)}>{w.push}</Button>}>
      <Answer of={read}>
        {() => (
          <Table label={w.pushes} rows={read.rows} keyOf={(one) => one.uuid} onOpen={(one) => setShown(one.uuid)} more={more(read)}
                 empty={<Empty icon="upload" title={w.noPushes}>{w.noPushesAbout}</Empty>}
                 columns={[
                   { name: w.list, cell: (one) => `${one.connection} · ${one.list}` },
                   { name: w.state, cell: (one) => <Badge tone={tones[one.state]}>{w.pushStates[one.state]}</Badge> },
                   { name: w.put, number: true, cell: (one) => `+${f.number(one.entered)} −${f.number(one.left)}` },
                   { name: w.onList, number: true, cell: (one) => f.number(one.members) },
                   { name: w.theirCount, number: true, minor: true, cell: (one) => (one.target_count === null ? "–" : f.number(one.target_count)) },
                   { name: w.asked, cell: (one) => <Moment at={one.created_at} /> },
                 ]} />
        )}
      </Answer>
      {making && <MakePush segment={segment} onClose={() => setMaking(false)} />}
      {shown && <ShownPush uuid={shown} onClose={() => setShown(null)} />}
    </Card>
  );
}

const fields = ["connection", "list", "subscription_type_uuid"];

function MakePush({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const w = useWords(texts);
  const connections = useRead("list_connections", {});
  const [connection, setConnection] = useState("");
  const [list, setList] = useState("");
  const [purpose, setPurpose] = useState("");
  const push = useWrite("push_segment", { onDone: () => { tell(w.pushed); onClose(); } });
  const senders = (connections.data?.connections ?? []).filter((one) => ["listmonk", "mailchimp", "klaviyo", "csv"].includes(one.connector) && one.state !== "revoked");
  return (
    <FormDialog title={w.pushOf(segment.name)} action={w.push} busy={push.isPending} problems={otherProblems(push.error, fields)} onClose={onClose}
                onSubmit={() => push.mutate({ segment_uuid: segment.uuid, connection, list, ...(purpose ? { subscription_type_uuid: purpose } : {}) })}>
      <SelectField label={w.sender} value={connection} onChange={(event) => setConnection(event.target.value)} problem={problemOf(push.error, "connection")}
                   {...(connections.data && senders.length === 0 ? { hint: w.noSenders } : {})}>
        <option value="">{w.choose}</option>
        {senders.map((one) => <option key={one.handle} value={one.handle}>{`${one.name} (${one.handle})`}</option>)}
      </SelectField>
      <TextField label={w.list} hint={w.listHint} value={list} onChange={(event) => setList(event.target.value)} problem={problemOf(push.error, "list")} />
      <PickPurpose label={w.purpose} hint={w.purposeHint} optional value={purpose} onChange={setPurpose} problem={problemOf(push.error, "subscription_type_uuid")} />
      <Notice>{w.pushNotice}</Notice>
    </FormDialog>
  );
}

function ShownPush({ uuid, onClose }: { uuid: string; onClose: () => void }) {
  const w = useWords(texts);
  const f = useFormats();
  const [over, setOver] = useState(false);
  const read = useRead("get_audience_push", { uuid }, over ? {} : { every: 2_000 });
  const confirm = useWrite("confirm_audience_push", { onDone: () => tell(w.confirmed) });
  const cancel = useWrite("cancel_audience_push", { onDone: () => tell(w.cancelled) });
  const ended = read.data !== undefined && read.data.push.ended_at !== null;
  if (ended !== over) setOver(ended);
  const failed = { onError: tellProblem };
  return (
    <Dialog title={w.pushTitle} wide onClose={onClose}>
      <Answer of={read}>
        {({ push, refusals, withheld }) => (
          <div className="flex flex-col gap-4">
            {push.problem && <Notice tone={push.state === "failed" ? "bad" : "warn"}>{serverIn().say(push.problem)}</Notice>}
            {push.state === "pushing" && <progress className="h-2 w-full accent-pink" aria-label={w.progress} max={Math.max(1, push.entering + push.leaving)} value={push.entered + push.left + push.refused} />}
            <Facts of={[
              [w.state, <Badge key="state" tone={tones[push.state]}>{w.pushStates[push.state]}</Badge>],
              [w.list, `${push.connection} · ${push.list}`],
              [w.entering, w.ofAll(f.number(push.entered), f.number(push.entering))],
              [w.leaving, w.ofAll(f.number(push.left), f.number(push.leaving))],
              [w.onList, w.before(f.number(push.members), f.number(push.members_before))],
              [w.theirCount, push.target_count === null ? "–" : f.number(push.target_count)],
              [w.withheld, f.number(push.withheld)],
              [w.refused, f.number(push.refused)],
            ]} />
            <Refused title={w.refused} of={refusals} />
            <Refused title={w.withheld} of={withheld} />
            {push.ended_at === null && (
              <div className="flex flex-wrap justify-end gap-3">
                <Button look="danger" busy={cancel.isPending} onClick={() => cancel.mutate({ uuid }, failed)}>{w.cancelPush}</Button>
                {push.state === "held" && <Button look="primary" icon="check" busy={confirm.isPending} onClick={() => confirm.mutate({ uuid }, failed)}>{w.confirmPush}</Button>}
              </div>
            )}
          </div>
        )}
      </Answer>
    </Dialog>
  );
}

function Refused({ title, of }: { title: string; of: { email: string; reason: string }[] }) {
  if (of.length === 0) return null;
  return (
    <details className="rounded-lg border border-line px-3 py-2 text-sm">
      <summary className="font-medium">{title}</summary>
      <ul className="mt-2 divide-y divide-line">{of.map((one) => <li key={one.email} className="flex flex-wrap justify-between gap-x-4 py-1"><span>{one.email}</span><span className="text-soft">{serverIn().say(one.reason)}</span></li>)}</ul>
    </details>
  );
}
