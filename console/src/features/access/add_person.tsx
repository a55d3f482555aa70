import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import { FormDialog } from "~/ui/dialog";
import { TextField } from "~/ui/field";
import { tell } from "~/ui/toast";
import { access as texts } from "~/words/access";
import { useWords } from "~/words/words";
import { Choices } from "./choices";

type Role = OutputOf<"list_users">["users"][number]["role"];
const roles: Role[] = ["owner", "marketer", "auditor", "viewer"];

export function AddPersonDialog({ onClose }: { onClose: () => void }) {
  const w = useWords(texts);
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const invite = useWrite("invite_user", {
    onDone: (made) => {
      tell(w.invited(made.email));
      onClose();
    },
  });
  return (
    <FormDialog title={w.addPersonTitle} action={w.invite} busy={invite.isPending} onClose={onClose}
                problems={otherProblems(invite.error, ["email", "name"])}
                onSubmit={() => invite.mutate({ email, name: name || null, role })}>
      <TextField label={w.email} hint={w.inviteHint} type="email" autoComplete="off" autoFocus value={email}
                 onChange={(event) => setEmail(event.target.value)} problem={problemOf(invite.error, "email")} />
      <TextField label={w.personName} autoComplete="off" optional value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(invite.error, "name")} />
      <Choices label={w.role} chosen={role} onChoose={setRole} choices={roles.map((id) => ({ id, label: w.roles[id], about: w.rolesAbout[id] }))} />
    </FormDialog>
  );
}
