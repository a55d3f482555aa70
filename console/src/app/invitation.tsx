import { useState } from "react";

import { acceptInvitation } from "~/api/client";
import { otherProblems, problemOf } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Problems, TextField } from "~/ui/field";
import { shell } from "~/words/shell";
import { useWords } from "~/words/words";
import logo from "./piggy.svg";

// Taken from the address once, so that it stays neither there nor in the history.
const invitation = new URLSearchParams(window.location.search).get("invitation");
if (invitation) window.history.replaceState(null, "", window.location.pathname);

/** What the mail of an invitation leads to; `null` for everybody else. */
export function invited(): string | null {
  return invitation;
}

export function Join() {
  const w = useWords(shell);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const join = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await acceptInvitation({ invitation: invitation!, password, name: name || null });
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <form noValidate onSubmit={(event) => { event.preventDefault(); if (!busy) void join(); }}
            className="flex w-full max-w-sm flex-col gap-4 rounded-2xl border border-line bg-paper p-6 sm:p-8">
        <img src={logo} alt="" className="size-12" />
        <h1 className="text-xl font-semibold">{w.joinTitle}</h1>
        <TextField label={w.yourName} autoComplete="name" autoFocus optional value={name} onChange={(event) => setName(event.target.value)}
                   problem={problemOf(error, "name")} />
        <TextField label={w.password} hint={w.joinPassword} type="password" autoComplete="new-password" value={password}
                   onChange={(event) => setPassword(event.target.value)} problem={problemOf(error, "password")} />
        <Problems of={otherProblems(error, ["name", "password"])} />
        <Button type="submit" look="primary" busy={busy}>{w.join}</Button>
      </form>
    </main>
  );
}
