import { useParams } from "@tanstack/react-router";
import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, usePages, useRead, useWrite } from "~/api/hooks";
import { Button, IconButton } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { Filter } from "~/ui/field";
import { Icon } from "~/ui/icon";
import { Answer, Badge, Card, Empty, type Tone } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { tell, tellProblem } from "~/ui/toast";
import { campaign } from "~/words/campaign";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { Marketing, more, nextPage } from "./marketing";
import { Metrics } from "./metrics";
import { PickContact, type Person } from "./pick_contact";
import { useReason } from "./reasons";
import { SequenceForm, type Sequence } from "./sequence_form";

type State = OutputOf<"list_enrollments">["enrollments"][number]["state"];
const tones: Record<State, Tone> = { waiting: "info", held: "warn", completed: "good", stopped: "plain" };

export default function SequencePage() {
  const w = useWords(campaign);
  const why = useReason();
  const c = useWords(common);
  const { uuid = "" } = useParams({ strict: false }) as { uuid?: string };
  const read = useRead("get_sequence", { sequence_uuid: uuid });
  const [editing, setEditing] = useState(false);
  const [enrolling, setEnrolling] = useState(false);
  const pause = useWrite("pause_sequence", { onDone: () => tell(w.nowPaused) });
  const resume = useWrite("resume_sequence", { onDone: () => tell(w.nowResumed) });
  const sequence = read.data?.sequence;
  const failed = { onError: tellProblem };
  return (
    <Marketing title={sequence?.name ?? w.sequence} back={{ to: "/marketing/sequences", label: w.pages.sequences }}
               about={sequence && <>{sequence.description && <p>{sequence.description}</p>}<p className="mt-1"><Badge tone={sequence.state === "active" ? "good" : "warn"}>{w.sequenceStates[sequence.state]}</Badge></p></>}
               actions={sequence && (
                 <>
                   <Button icon="edit" onClick={() => setEditing(true)}>{c.edit}</Button>
                   <Button icon="plus" onClick={() => setEnrolling(true)}>{w.enroll}</Button>
                   {sequence.state === "active"
                     ? <Button icon="pause" busy={pause.isPending} onClick={() => pause.mutate({ sequence_uuid: uuid }, failed)}>{w.pause}</Button>
                     : <Button icon="play" look="primary" busy={resume.isPending} onClick={() => resume.mutate({ sequence_uuid: uuid }, failed)}>{w.resume}</Button>}
                 </>
               )}>
      <Answer of={read}>
        {(data) => (
          <div className="flex flex-col gap-4">
            <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
              <Steps sequence={data.sequence} />
              <Card title={w.enrolled}>
                {data.enrollments.length === 0
                  ? <p className="text-soft">{w.nobodyEnrolled}</p>
                  : (
                    <ul className="divide-y divide-line">
                      {data.enrollments.map((one) => (
                        <li key={one.state + one.stop_reason} className="flex justify-between gap-4 py-2"><span><Badge tone={tones[one.state]}>{w.enrollmentStates[one.state]}</Badge> <span className="text-sm text-soft">{why(one.stop_reason)}</span></span><strong className="tabular-nums">{one.count}</strong></li>
                      ))}
                    </ul>
                  )}
              </Card>
            </div>
            <Metrics uuid={uuid} />
            <Enrollments uuid={uuid} />
          </div>
        )}
      </Answer>
      {editing && sequence && <SequenceForm sequence={sequence} onClose={() => setEditing(false)} />}
      {enrolling && <Enroll uuid={uuid} onClose={() => setEnrolling(false)} />}
    </Marketing>
  );
}

function Steps({ sequence }: { sequence: Sequence }) {
  const w = useWords(campaign);
  const f = useFormats();
  const read = useRead("list_mail_templates", { limit: 100 });
  const name = (uuid: string | null) => read.data?.templates.find((one) => one.uuid === uuid)?.name ?? "…";
  const { hours } = sequence;
  return (
    <Card title={w.mails} about={hours ? w.between(hours.from, hours.until) : w.anyHour}>
      <ol aria-label={w.mails}>
        {sequence.steps.map((step, at) => (
          <li key={at} className="relative flex gap-4 pb-5 last:pb-0">
            {at < sequence.steps.length - 1 && <span aria-hidden="true" className="absolute top-10 bottom-0 left-5 w-px bg-edge/50" />}
            <span className="grid size-10 shrink-0 place-items-center rounded-full bg-blush text-pink"><Icon name="mail" /></span>
            <div className="min-w-0">
              <p className="text-sm text-soft">{at === 0 && !step.wait_days && !step.wait_seconds ? w.rightAway : w.after(f.number(step.wait_days ?? 0), f.number((step.wait_seconds ?? 0) / 3_600))}</p>
              <p className="font-medium">{step.variants ? step.variants.map((one) => `${one.name}: ${name(one.template_uuid)}`).join(" / ") : name(step.template_uuid)}</p>
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Enrollments({ uuid }: { uuid: string }) {
  const w = useWords(campaign);
  const why = useReason();
  const c = useWords(common);
  const [state, setState] = useState<State | "">("");
  const read = usePages("list_enrollments", { sequence_uuid: uuid, ...(state ? { state } : {}) }, { rows: (page) => page.enrollments, next: nextPage });
  const leave = useWrite("leave_sequence", { onDone: () => tell(w.left) });
  return (
    <Card flush title={w.enrollments} actions={(
      <Filter label={w.state} value={state} onChange={(event) => setState(event.target.value as State | "")}>
        <option value="">{c.allStates}</option>
        {(Object.keys(tones) as State[]).map((one) => <option key={one} value={one}>{w.enrollmentStates[one]}</option>)}
      </Filter>
    )}>
      <Answer of={read}>
        {() => (
          <Table label={w.enrollments} rows={read.rows} keyOf={(one) => one.uuid} to={(one) => `/contacts/${one.contact.uuid}`} more={more(read)}
                 empty={<Empty icon="contacts" title={w.nobodyEnrolled} />}
                 columns={[
                   { name: w.contact, cell: (one) => one.contact.email },
                   { name: w.state, cell: (one) => <Badge tone={tones[one.state]}>{w.enrollmentStates[one.state]}</Badge> },
                   { name: w.had, number: true, cell: (one) => one.steps_had.length },
                   { name: w.nextMail, cell: (one) => <Moment at={one.next_at} /> },
                   { name: w.why, minor: true, cell: (one) => why(one.stop_reason) || one.reason || "–" },
                 ]}
                 actions={(one) => (one.ended_at === null ? <IconButton icon="close" label={w.takeOut(one.contact.email)} disabled={leave.isPending} onClick={() => leave.mutate({ sequence_uuid: uuid, contact_uuid: one.contact.uuid, entry: one.entry }, { onError: tellProblem })} /> : null)} />
        )}
      </Answer>
    </Card>
  );
}

function Enroll({ uuid, onClose }: { uuid: string; onClose: () => void }) {
  const w = useWords(campaign);
  const [person, setPerson] = useState<Person | null>(null);
  const enroll = useWrite("enroll_in_sequence", { onDone: () => { tell(w.enrolledNow); onClose(); } });
  return (
    <FormDialog title={w.enroll} action={w.enroll} busy={enroll.isPending} disabled={!person} problems={otherProblems(enroll.error, [])} onClose={onClose}
                onSubmit={() => person && enroll.mutate({ sequence_uuid: uuid, contact_uuid: person.uuid })}>
      <p className="text-soft">{w.enrollAbout}</p>
      <PickContact label={w.contact} value={person} onChange={setPerson} />
    </FormDialog>
  );
}
