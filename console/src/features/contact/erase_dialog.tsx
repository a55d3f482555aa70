// Deletes a contact. It cannot be undone, so the address is typed, and the dialog stays until it is done.

import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { otherProblems, useRehearsal, useWrite } from "~/api/hooks";
import { Dialog, FormDialog } from "~/ui/dialog";
import { TextField } from "~/ui/field";
import { Loading, Notice } from "~/ui/page";
import { Effect } from "~/ui/show";
import { tell } from "~/ui/toast";
import { contactWords } from "~/words/contact";
import { useWords } from "~/words/words";
import { isAnonymous, type Contact } from "./contact";
import { useGone } from "./gone";

export function EraseDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const w = useWords(contactWords);
  const navigate = useNavigate();
  const [type, setType] = useState<"DEFAULT" | "GDPR">("DEFAULT");
  const [typed, setTyped] = useState("");
  const rehearsal = useRehearsal("delete_contact");
  const { mutate } = rehearsal;
  useEffect(() => mutate({ contact_uuid: contact.uuid, type }), [mutate, contact.uuid, type]);
  const erase = useWrite("delete_contact");
  useGone(contact.uuid, erase.isSuccess, () => {
    tell(w.erased);
    void navigate({ to: "/contacts" });
  });
  // A made-up address of a card is long, and nobody's.
  const wanted = isAnonymous(contact) ? w.eraseWord : contact.email;
  if (erase.isSuccess) {
    return (
      <Dialog title={w.erase} onClose={onClose}>
        <Loading />
        <p className="text-center text-soft">{w.erasing}</p>
      </Dialog>
    );
  }
  return (
    <FormDialog title={w.erase} action={w.erase} danger busy={erase.isPending} disabled={typed.trim().toLowerCase() !== wanted.toLowerCase()}
                problems={otherProblems(erase.error ?? rehearsal.error, [])} onClose={onClose}
                onSubmit={() => erase.mutate({ contact_uuid: contact.uuid, type })}>
      <Notice tone="bad">{w.eraseAbout}</Notice>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 text-sm font-medium">{w.eraseHow}</legend>
        {(["DEFAULT", "GDPR"] as const).map((one) => (
          <label key={one} className="flex items-start gap-2.5">
            <input type="radio" name="type" checked={type === one} onChange={() => setType(one)} className="mt-1 size-4 accent-pink" />
            <span><span className="font-medium">{w.eraseTypes[one].label}</span><span className="block text-sm text-soft">{w.eraseTypes[one].about}</span></span>
          </label>
        ))}
      </fieldset>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
      <TextField label={w.typeToErase(wanted)} value={typed} autoComplete="off" spellCheck={false} onChange={(event) => setTyped(event.target.value)} />
    </FormDialog>
  );
}
