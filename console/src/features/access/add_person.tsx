import { useState } from "react";

import { useSession, type OutputOf } from "~/api/client";
import { problemOf, useWrite } from "~/api/hooks";
import { Button, Buttons } from "~/ui/button";
import { Dialog, FormDialog } from "~/ui/dialog";
import { TextField } from "~/ui/field";
import { Notice } from "~/ui/page";
import { Secret } from "~/ui/show";
import { tell } from "~/ui/toast";
import { access as texts } from "~/words/access";
import { common } from "~/words/common";
import { useWords } from "~/words/words";
import { Choices } from "./choices";
import { Refusal, shellWord } from "./refused";

type Role = OutputOf<"list_users">["users"][number]["role"];
const roles: Role[] = ["owner", "marketer", "auditor", "viewer"];

// No letters that look like others: it may be read aloud, or typed from a note.
const letters = "abcdefghjkmnpqrstuvwxyz23456789";

/** Four times five of these: 99 bits. A byte that would favour some of them is thrown away. */
function newPassword(): string {
  let text = "";
  const fair = 256 - (256 % letters.length);
  while (text.length < 20) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      if (byte < fair && text.length < 20) text += letters[byte % letters.length];
    }
  }
  return text.match(/.{5}/g)!.join("-");
}

export function AddPersonDialog({ onClose }: { onClose: () => void }) {
  const w = useWords(texts);
  const c = useWords(common);
  const { account } = useSession();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [typed, setTyped] = useState<string>();
  const [made, setMade] = useState<{ email: string; password: string | undefined }>();
  const create = useWrite("create_user", {
    onDone: (person, input) => {
      tell(w.personAdded(person.email));
      if (typed !== undefined) return onClose();
      setMade({ email: person.email, password: input.password ?? undefined });
    },
  });
  if (made) {
    return (
      <Dialog title={w.passwordOf(made.email)}>
        {made.password !== undefined && <Secret text={made.password} label={w.password} onHide={onClose} />}
        <div className="mt-4"><Notice>{w.handOver}</Notice></div>
        <Buttons><Button look="primary" onClick={onClose}>{c.done}</Button></Buttons>
      </Dialog>
    );
  }
  const command = `piggy user create --account ${shellWord(account)} --email ${shellWord(email || "…")} --role ${role}`;
  return (
    <FormDialog title={w.addPersonTitle} action={w.addPerson} busy={create.isPending} onClose={onClose}
                onSubmit={() => create.mutate({ account, email, name: name || null, role, password: typed ?? newPassword() })}>
      <TextField label={w.email} type="email" autoComplete="off" autoFocus value={email} onChange={(event) => setEmail(event.target.value)}
                 problem={problemOf(create.error, "email")} />
      <TextField label={w.personName} autoComplete="off" optional value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(create.error, "name")} />
      <Choices label={w.role} chosen={role} onChoose={setRole} choices={roles.map((id) => ({ id, label: w.roles[id], about: w.rolesAbout[id] }))} />
      <Choices label={w.password} chosen={typed === undefined ? "made" : "typed"} onChoose={(id) => setTyped(id === "made" ? undefined : "")}
               choices={[{ id: "made", label: w.makePassword, about: c.shownOnce }, { id: "typed", label: w.typePassword }]} />
      {typed !== undefined && (
        <TextField label={w.typePassword} hint={w.passwordHint} type="password" autoComplete="new-password" value={typed}
                   onChange={(event) => setTyped(event.target.value)} problem={problemOf(create.error, "password")} />
      )}
      <Refusal error={create.error} shown={["email", "name", "password"]} command={command} />
    </FormDialog>
  );
}
