import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { Dialog, FormDialog } from "~/ui/dialog";
import { TextArea, TextField } from "~/ui/field";
import { Answer } from "~/ui/page";
import { tell } from "~/ui/toast";
import { campaign } from "~/words/campaign";
import { common } from "~/words/common";
import { useWords } from "~/words/words";

/** Whom mails are from, and the address that the law wants in them. */
export function Sender({ onClose }: { onClose: () => void }) {
  const w = useWords(campaign);
  const read = useRead("get_mail_sender", {});
  if (!read.data) return <Dialog title={w.sender} onClose={onClose}><Answer of={read}>{() => null}</Answer></Dialog>;
  return <Form sender={read.data} onClose={onClose} />;
}

function Form({ sender, onClose }: { sender: OutputOf<"get_mail_sender">; onClose: () => void }) {
  const w = useWords(campaign);
  const c = useWords(common);
  const [name, setName] = useState(sender.name);
  const [address, setAddress] = useState(sender.postal_address);
  const save = useWrite("set_mail_sender", { onDone: () => { tell(c.saved); onClose(); } });
  return (
    <FormDialog title={w.sender} action={c.save} busy={save.isPending} problems={otherProblems(save.error, ["name", "postal_address"])} onClose={onClose}
                onSubmit={() => save.mutate({ name, postal_address: address })}>
      <TextField label={w.senderName} value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(save.error, "name")} />
      <TextArea label={w.postalAddress} hint={w.postalAddressHint} rows={3} value={address} onChange={(event) => setAddress(event.target.value)} problem={problemOf(save.error, "postal_address")} />
    </FormDialog>
  );
}
