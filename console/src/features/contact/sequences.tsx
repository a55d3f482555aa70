// The sequences of mails that a contact is or was in.

import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, usePages, useRead, useRehearsal, useWrite } from "~/api/hooks";
import { useReason } from "~/features/campaign/reasons";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { SelectField, TextField } from "~/ui/field";
import { Answer, Badge, Card, Empty, Notice, type Tone } from "~/ui/page";
import { Effect, Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { contactWords } from "~/words/contact";
import { useWords } from "~/words/words";
import type { Contact } from "./contact";

type Enrollment = OutputOf<"list_enrollments">["enrollments"][number];
type Sequence = OutputOf<"list_sequences">["sequences"][number];

const tones: Record<Enrollment["state"], Tone> = { waiting: "info", held: "warn", completed: "good", stopped: "plain" };

export function Sequences({ contact }: { contact: Contact }) {
  const w = useWords(contactWords);
  const c = useWords(common);
  const why = useReason();
  const [enrolling, setEnrolling] = useState(false);
  const [leaving, setLeaving] = useState<Enrollment | null>(null);
  const sequences = useRead("list_sequences", { limit: 100 });
  const list = usePages("list_enrollments", { contact_uuid: contact.uuid, limit: 30, page: 1 }, {
    rows: (page) => page.enrollments,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  const all = sequences.data?.sequences ?? [];
  const nameOf = (uuid: string) => all.find((one) => one.uuid === uuid)?.name ?? "–";
  return (
    <Card flush title={w.sequences} actions={all.length > 0 && <Button small icon="plus" onClick={() => setEnrolling(true)}>{w.enroll}</Button>}>
      <Answer of={list}>
        {() => (
          <Table label={w.sequences} rows={list.rows} keyOf={(one) => one.uuid}
                 empty={<Empty icon="mail" title={w.noSequences}>{all.length > 0 ? w.noSequencesAbout : w.noneToEnroll}</Empty>}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 actions={(one) => (one.state === "waiting" || one.state === "held"
                   ? <Button small aria-label={w.leaveSequence(nameOf(one.sequence_uuid))} onClick={() => setLeaving(one)}>{w.leave}</Button> : null)}
                 columns={[
                   { name: w.sequence, cell: (one) => nameOf(one.sequence_uuid) },
                   { name: c.state, cell: (one) => <><Badge tone={tones[one.state]}>{w.enrollmentStates[one.state]}</Badge>{one.stop_reason && <span className="ml-2 text-sm text-soft">{why(one.stop_reason)}</span>}</> },
                   { name: w.stepsHad, number: true, cell: (one) => one.steps_had.length },
                   { name: w.nextStep, cell: (one) => <Moment at={one.next_at} /> },
                   { name: w.reason, minor: true, cell: (one) => one.reason || "–" },
                 ]} />
        )}
      </Answer>
      {enrolling && <Enroll contact={contact} sequences={all} before={list.rows} onClose={() => setEnrolling(false)} />}
      {leaving && <Leave enrollment={leaving} name={nameOf(leaving.sequence_uuid)} onClose={() => setLeaving(null)} />}
    </Card>
  );
}

function Enroll({ contact, sequences, before, onClose }: { contact: Contact; sequences: Sequence[]; before: Enrollment[]; onClose: () => void }) {
  const w = useWords(contactWords);
  const c = useWords(common);
  const [sequence, setSequence] = useState(sequences[0]?.uuid ?? "");
  const [reason, setReason] = useState("");
  const enroll = useWrite("enroll_in_sequence", { onDone: () => { tell(w.enrolled); onClose(); } });
  const rehearsal = useRehearsal("enroll_in_sequence");
  // Going through it again is another entry.
  const entry = Math.max(0, ...before.filter((one) => one.sequence_uuid === sequence).map((one) => one.entry)) + 1;
  const input = { sequence_uuid: sequence, contact_uuid: contact.uuid, entry, ...(reason ? { reason } : {}) };
  const error = enroll.error ?? rehearsal.error;
  const chosen = sequences.find((one) => one.uuid === sequence);
  return (
    <FormDialog title={w.enroll} action={w.enroll} busy={enroll.isPending} problems={otherProblems(error, ["sequence_uuid", "reason"])} onClose={onClose}
                onSubmit={() => enroll.mutate(input)}>
      <SelectField label={w.sequence} value={sequence} hint={chosen?.description} onChange={(event) => { setSequence(event.target.value); rehearsal.reset(); }} problem={problemOf(error, "sequence_uuid")}>
        {sequences.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
      </SelectField>
      <TextField label={w.reason} optional value={reason} onChange={(event) => setReason(event.target.value)} problem={problemOf(error, "reason")} />
      <div><Button small icon="info" busy={rehearsal.isPending} onClick={() => rehearsal.mutate(input)}>{c.tryFirst}</Button></div>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
    </FormDialog>
  );
}

function Leave({ enrollment, name, onClose }: { enrollment: Enrollment; name: string; onClose: () => void }) {
  const w = useWords(contactWords);
  const leave = useWrite("leave_sequence", { onDone: () => { tell(w.hasLeft); onClose(); } });
  return (
    <FormDialog title={w.leaveSequence(name)} action={w.leave} danger busy={leave.isPending} problems={otherProblems(leave.error, [])} onClose={onClose}
                onSubmit={() => leave.mutate({ sequence_uuid: enrollment.sequence_uuid, contact_uuid: enrollment.contact.uuid })}>
      <Notice tone="warn">{w.leaveAbout}</Notice>
    </FormDialog>
  );
}
