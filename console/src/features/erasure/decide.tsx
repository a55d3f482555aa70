// The decision about one request. Erasing cannot be undone, so what is lost is shown, and the address typed.

import { useEffect, useState } from "react";

import { otherProblems, problemOf, useRead, useRehearsal, useWrite } from "~/api/hooks";
import { FormDialog } from "~/ui/dialog";
import { TextArea, TextField } from "~/ui/field";
import { Answer, Notice } from "~/ui/page";
import { Effect } from "~/ui/show";
import { tell } from "~/ui/toast";
import { erasureWords } from "~/words/erasure";
import { useWords } from "~/words/words";
import { LostList } from "./lost";

interface DecisionProps {
  request: { uuid: string };
  contact: { uuid: string; email: string };
  onClose: () => void;
}

export function AcceptDialog({ request, contact, onClose }: DecisionProps) {
  const w = useWords(erasureWords);
  const [typed, setTyped] = useState("");
  const lost = useRead("preview_erasure", { contact_uuid: contact.uuid });
  const rehearsal = useRehearsal("accept_erasure_request");
  const { mutate } = rehearsal;
  useEffect(() => mutate({ erasure_request_uuid: request.uuid }), [mutate, request.uuid]);
  const accept = useWrite("accept_erasure_request", {
    onDone: () => {
      tell(w.accepted);
      onClose();
    },
  });
  return (
    <FormDialog title={w.acceptTitle(contact.email)} action={w.erase} danger busy={accept.isPending} onClose={onClose}
                disabled={typed.trim().toLowerCase() !== contact.email.toLowerCase()} problems={otherProblems(accept.error ?? rehearsal.error, [])}
                onSubmit={() => accept.mutate({ erasure_request_uuid: request.uuid })}>
      <Notice tone="bad">{w.acceptAbout}</Notice>
      <div>
        <p className="mb-1.5 text-sm font-medium">{w.lost}</p>
        <Answer of={lost}>{(of) => <LostList of={of} />}</Answer>
      </div>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
      <TextField label={w.type(contact.email)} value={typed} autoComplete="off" spellCheck={false} onChange={(event) => setTyped(event.target.value)} />
    </FormDialog>
  );
}

export function RefuseDialog({ request, contact, onClose }: DecisionProps) {
  const w = useWords(erasureWords);
  const [reason, setReason] = useState("");
  const refuse = useWrite("refuse_erasure_request", {
    onDone: () => {
      tell(w.refused);
      onClose();
    },
  });
  return (
    <FormDialog title={w.refuseTitle(contact.email)} action={w.refuse} busy={refuse.isPending} onClose={onClose} problems={otherProblems(refuse.error, ["reason"])}
                onSubmit={() => refuse.mutate({ erasure_request_uuid: request.uuid, reason })}>
      <p className="text-soft">{w.refuseAbout}</p>
      <TextArea label={w.reason} hint={w.reasonHint} autoFocus maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} problem={problemOf(refuse.error, "reason")} />
    </FormDialog>
  );
}
