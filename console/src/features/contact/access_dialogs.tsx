// What lets a contact prove who they are: the mail with a code, the token for the portal, an address.

import { useState } from "react";

import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import { Dialog, FormDialog } from "~/ui/dialog";
import { CheckField, TextField } from "~/ui/field";
import { Notice } from "~/ui/page";
import { Secret } from "~/ui/show";
import { tell } from "~/ui/toast";
import { contactWords } from "~/words/contact";
import { useWords } from "~/words/words";
import type { Contact } from "./contact";

export function VerificationMail({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const w = useWords(contactWords);
  const send = useWrite("send_contact_verification_email", { onDone: () => { tell(w.mailSent(contact.email)); onClose(); } });
  return (
    <FormDialog title={w.verificationMail} action={w.sendMail} busy={send.isPending} problems={otherProblems(send.error, [])} onClose={onClose}
                onSubmit={() => send.mutate({ email: contact.email })}>
      <p>{w.mailAbout(contact.email)}</p>
      <Notice tone="warn">{w.mailFinal}</Notice>
    </FormDialog>
  );
}

export function AuthToken({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const w = useWords(contactWords);
  const [sure, setSure] = useState(false);
  const make = useWrite("get_contact_auth_token");
  if (make.data) {
    return (
      <Dialog title={w.authToken} onClose={onClose}>
        <p className="mb-3">{w.tokenUse}</p>
        <Secret text={make.data.auth_token} label={w.authToken} onHide={onClose} />
      </Dialog>
    );
  }
  return (
    <FormDialog title={w.authToken} action={w.makeToken} busy={make.isPending} disabled={!sure} problems={otherProblems(make.error, [])} onClose={onClose}
                onSubmit={() => make.mutate({ contact_uuid: contact.uuid })}>
      <p>{w.tokenAbout}</p>
      <CheckField label={w.tokenSure} checked={sure} onChange={(event) => setSure(event.target.checked)} />
    </FormDialog>
  );
}

export function Claim({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const w = useWords(contactWords);
  const [email, setEmail] = useState("");
  const claim = useWrite("claim_anonymous_contact", { onDone: () => { tell(w.claimed); onClose(); } });
  return (
    <FormDialog title={w.claim} action={w.claim} busy={claim.isPending} problems={otherProblems(claim.error, ["email"])} onClose={onClose}
                onSubmit={() => claim.mutate({ anonymous_contact_uuid: contact.uuid, email: email.trim() })}>
      <p>{w.claimAbout}</p>
      <TextField label={w.email} type="email" value={email} autoFocus autoComplete="off" onChange={(event) => setEmail(event.target.value)} problem={problemOf(claim.error, "email")} />
    </FormDialog>
  );
}
