import { useState } from "react";

import { PiggyError, signIn } from "~/api/client";
import { otherProblems, problemOf, queries } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Dialog } from "~/ui/dialog";
import { Problems, TextField } from "~/ui/field";
import { Notice } from "~/ui/page";
import { shell } from "~/words/shell";
import { useWords } from "~/words/words";
import logo from "./piggy.svg";

const shown = ["email", "password", "account"];

function SignInForm({ email: known }: { email?: string }) {
  const w = useWords(shell);
  const [email, setEmail] = useState(known ?? "");
  const [password, setPassword] = useState("");
  const [account, setAccount] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  // Whoever belongs to several accounts is told so, and asked for one only then.
  const asksAccount = account !== "" || problemOf(error, "account") !== undefined;
  const send = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await signIn(email, password, account || undefined);
      await queries.invalidateQueries();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={(event) => { event.preventDefault(); if (!busy) void send(); }}>
      <TextField label={w.email} type="email" name="email" autoComplete="username" autoFocus={!known} readOnly={known !== undefined}
                 value={email} onChange={(event) => setEmail(event.target.value)} problem={problemOf(error, "email")} />
      <TextField label={w.password} type="password" name="password" autoComplete="current-password" autoFocus={known !== undefined}
                 value={password} onChange={(event) => setPassword(event.target.value)} problem={problemOf(error, "password")} />
      {asksAccount && (
        <TextField label={w.account} hint={w.accountHint} name="account" value={account} autoFocus
                   onChange={(event) => setAccount(event.target.value)} problem={problemOf(error, "account")} />
      )}
      <Problems of={error instanceof PiggyError || error ? otherProblems(error, shown) : []} />
      <Button type="submit" look="primary" busy={busy}>{w.signIn}</Button>
    </form>
  );
}

export function SignInPage() {
  const w = useWords(shell);
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <div className="w-full max-w-sm rounded-2xl border border-line bg-paper p-6 sm:p-8">
        <img src={logo} alt="" className="mb-4 size-12" />
        <h1 className="mb-5 text-xl font-semibold">{w.signInTitle}</h1>
        <SignInForm />
      </div>
    </main>
  );
}

/** Over the page that somebody was working on: nothing of it is lost. */
export function SignInAgain({ email }: { email: string }) {
  const w = useWords(shell);
  return (
    <Dialog title={w.signInTitle}>
      <div className="mb-4"><Notice>{w.signInAgain}</Notice></div>
      <SignInForm email={email} />
    </Dialog>
  );
}
