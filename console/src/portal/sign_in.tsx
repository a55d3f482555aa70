import { useState, type FormEvent } from "react";

import { otherProblems, problemOf, queries } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Problems, TextField } from "~/ui/field";
import { Notice } from "~/ui/page";
import { portal } from "~/words/portal";
import { useWords } from "~/words/words";
import { sendCode, signInByCode } from "./client";

export function SignIn({ company, welcome, note }: { company: string; welcome: string; note?: string }) {
  const w = useWords(portal);
  const [email, setEmail] = useState("");
  const [code, setCode] = useState("");
  const [sent, setSent] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const act = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(undefined);
    try {
      if (sent) {
        await signInByCode(email, code);
        await queries.invalidateQueries();
      } else {
        await sendCode(email);
        setSent(true);
      }
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };
  return (
    <form noValidate onSubmit={(event) => void act(event)}
          className="mx-auto mt-6 flex w-full max-w-sm flex-col gap-4 rounded-2xl border border-line bg-paper p-6">
      <h1 className="text-xl font-semibold">{w.signInTitle(company)}</h1>
      {welcome && <p className="-mt-2 whitespace-pre-line text-soft">{welcome}</p>}
      {note && <Notice tone="warn">{note}</Notice>}
      {!sent && (
        <TextField label={w.email} type="email" name="email" autoComplete="email" autoFocus value={email}
                   onChange={(event) => setEmail(event.target.value)} problem={problemOf(error, "email")} />
      )}
      {sent && (
        <>
          <p role="status">{w.codeSent(email)}</p>
          <TextField label={w.code} name="code" inputMode="numeric" autoComplete="one-time-code" autoFocus value={code}
                     onChange={(event) => setCode(event.target.value)} problem={problemOf(error, "code")} className="tracking-[0.3em]" />
        </>
      )}
      <Problems of={otherProblems(error, ["email", "code"])} />
      <Button type="submit" look="primary" busy={busy}>{sent ? w.signIn : w.sendCode}</Button>
      {sent && <Button look="quiet" onClick={() => { setSent(false); setCode(""); setError(undefined); }}>{w.otherEmail}</Button>}
    </form>
  );
}
