import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { PiggyError } from "~/api/client";
import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { FormDialog } from "~/ui/dialog";
import { TextField } from "~/ui/field";
import { Notice } from "~/ui/page";
import { tell } from "~/ui/toast";
import { contactWords } from "~/words/contact";
import { useWords } from "~/words/words";

export function CreateContact({ onClose }: { onClose: () => void }) {
  const w = useWords(contactWords);
  const navigate = useNavigate();
  const [email, setEmail] = useState("");
  const create = useWrite("create_contact", {
    onDone: ({ uuid }) => {
      tell(w.contactMade);
      void navigate({ to: `/contacts/${uuid}` });
    },
  });
  // An address that is taken leads to whom it belongs to.
  const taken = create.error instanceof PiggyError && create.error.status === 409;
  const owner = useRead("find_contact", { email: create.variables?.email ?? "" }, { enabled: taken });
  return (
    <FormDialog title={w.newContact} action={w.create} busy={create.isPending} onClose={onClose}
                problems={taken && owner.data ? [] : otherProblems(create.error, ["email"])} onSubmit={() => create.mutate({ email: email.trim() })}>
      <TextField label={w.email} type="email" value={email} autoComplete="off" autoFocus hint={w.emailHint}
                 onChange={(event) => setEmail(event.target.value)} problem={problemOf(create.error, "email")} />
      {taken && owner.data && (
        <Notice action={<Link to={`/contacts/${owner.data.uuid}`} className="font-semibold underline">{w.openIt}</Link>}>{w.takenBy(owner.data.email)}</Notice>
      )}
    </FormDialog>
  );
}
