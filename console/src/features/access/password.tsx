import { useState } from "react";

import { sessionChanged, useSession } from "~/api/client";
import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import { Button, Buttons } from "~/ui/button";
import { Problems, TextField } from "~/ui/field";
import { Card } from "~/ui/page";
import { tell } from "~/ui/toast";
import { access } from "~/words/access";
import { settings as texts } from "~/words/settings";
import { useWords } from "~/words/words";

export function Password() {
  const w = useWords(texts);
  const a = useWords(access);
  const { email } = useSession();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [differ, setDiffer] = useState(false);
  const change = useWrite("change_password", {
    onDone: (session) => {
      sessionChanged(session);
      setOld("");
      setNext("");
      setAgain("");
      tell(w.passwordChanged);
    },
  });
  return (
    <Card title={a.tabs.password} about={w.passwordAbout} className="max-w-xl">
      <form noValidate className="flex flex-col gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              setDiffer(next !== again);
              if (next === again) change.mutate({ password: old, new_password: next });
            }}>
        {/* For those who let the browser keep their passwords. */}
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        <TextField label={w.oldPassword} type="password" autoComplete="current-password" value={old} onChange={(event) => setOld(event.target.value)}
                   problem={problemOf(change.error, "password")} />
        <TextField label={w.newPassword} hint={w.newPasswordHint} type="password" autoComplete="new-password" value={next}
                   onChange={(event) => setNext(event.target.value)} problem={problemOf(change.error, "new_password")} />
        <TextField label={w.again} type="password" autoComplete="new-password" value={again} onChange={(event) => setAgain(event.target.value)}
                   problem={differ ? w.notSame : undefined} />
        <Problems of={otherProblems(change.error, ["password", "new_password"])} />
        <Buttons><Button type="submit" look="primary" busy={change.isPending}>{w.changePassword}</Button></Buttons>
      </form>
    </Card>
  );
}
