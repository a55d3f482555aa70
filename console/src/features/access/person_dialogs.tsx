import { useState } from "react";

import { otherProblems, useWrite } from "~/api/hooks";
import { FormDialog } from "~/ui/dialog";
import { tell } from "~/ui/toast";
import { access as texts } from "~/words/access";
import { useWords } from "~/words/words";
import { Choices } from "./choices";
import type { User } from "./users";

const roles: User["role"][] = ["owner", "marketer", "auditor", "viewer"];

export function RoleDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const w = useWords(texts);
  const [role, setRole] = useState(user.role);
  const change = useWrite("set_user_role", {
    onDone: () => {
      tell(w.roleChanged(user.email));
      onClose();
    },
  });
  return (
    <FormDialog title={w.changeRoleTitle(user.email)} action={w.changeRole} busy={change.isPending} disabled={role === user.role} onClose={onClose}
                problems={otherProblems(change.error, [])} onSubmit={() => change.mutate({ email: user.email, role })}>
      <Choices label={w.role} chosen={role} onChoose={setRole} choices={roles.map((id) => ({ id, label: w.roles[id], about: w.rolesAbout[id] }))} />
    </FormDialog>
  );
}

export function RemoveDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const w = useWords(texts);
  const remove = useWrite("remove_user", {
    onDone: () => {
      tell(w.removed(user.email));
      onClose();
    },
  });
  return (
    <FormDialog title={w.removeTitle(user.email)} action={w.removePerson} danger busy={remove.isPending} onClose={onClose}
                problems={otherProblems(remove.error, [])} onSubmit={() => remove.mutate({ email: user.email })}>
      <div>
        <p>{w.removeAbout}</p>
        <ul className="mt-2 list-disc pl-5">{w.removeEnds.map((one) => <li key={one}>{one}</li>)}</ul>
        <p className="mt-3 text-sm text-soft">{w.removeStays}</p>
      </div>
    </FormDialog>
  );
}
