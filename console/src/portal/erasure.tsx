// A customer asks to be forgotten, or takes that back.

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { otherProblems, problemOf, queries } from "~/api/hooks";
import { LostList, noonOf } from "~/features/erasure/lost";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { TextField } from "~/ui/field";
import { Answer, Notice } from "~/ui/page";
import { tell, tellProblem } from "~/ui/toast";
import { erasureWords } from "~/words/erasure";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { customer, useOwn } from "./client";

/** What was asked and is not yet done; nothing else, for those who did not ask. */
export function ErasureAsked() {
  const w = useWords(erasureWords);
  const f = useFormats();
  const request = useOwn("preview_erasure").data?.request;
  const keep = useMutation({
    mutationFn: () => customer.callTool("withdraw_erasure_request", {}),
    onSuccess: () => tell(w.mineKept),
    onError: tellProblem,
    onSettled: () => queries.invalidateQueries(),
  });
  if (request?.state === "accepted") return <Notice tone="warn">{w.mineErasing}</Notice>;
  if (request?.state !== "open") return null;
  return (
    <Notice tone="warn" action={<Button small busy={keep.isPending} onClick={() => keep.mutate()}>{w.mineKeep}</Button>}>
      {w.mineAsked(f.day(request.asked_at), f.day(noonOf(request.due_on)))}
    </Notice>
  );
}

export function EraseMine({ company, email, credits }: { company: string; email: string; credits: string }) {
  const w = useWords(erasureWords);
  const [open, setOpen] = useState(false);
  const request = useOwn("preview_erasure").data?.request;
  if (request?.state === "open" || request?.state === "accepted") return null;
  return (
    <>
      <Button small look="quiet" onClick={() => setOpen(true)}>{w.mine}</Button>
      {open && <AskDialog company={company} email={email} credits={credits} onClose={() => setOpen(false)} />}
    </>
  );
}

function AskDialog({ company, email, credits, onClose }: { company: string; email: string; credits: string; onClose: () => void }) {
  const w = useWords(erasureWords);
  const [typed, setTyped] = useState("");
  const lost = useOwn("preview_erasure");
  const ask = useMutation({
    mutationFn: () => customer.callTool("ask_for_erasure", { email: typed.trim() }),
    onSuccess: () => {
      tell(w.mineFiled);
      onClose();
    },
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <FormDialog title={w.mine} action={w.mineAsk} danger busy={ask.isPending} disabled={typed.trim().toLowerCase() !== email.toLowerCase()}
                problems={otherProblems(ask.error, ["email"])} onClose={onClose} onSubmit={() => ask.mutate()}>
      <p className="text-left">{w.mineAbout(company)}</p>
      <Answer of={lost}>{(of) => <div className="text-left"><LostList of={of} credits={credits} /></div>}</Answer>
      {lost.data?.request?.state === "refused" && <Notice tone="info">{w.mineRefused(lost.data.request.reason)}</Notice>}
      <div className="text-left">
        <TextField label={w.mineType(email)} value={typed} autoComplete="off" spellCheck={false} onChange={(event) => setTyped(event.target.value)} problem={problemOf(ask.error, "email")} />
      </div>
    </FormDialog>
  );
}
