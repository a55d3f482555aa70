import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { Button, Buttons } from "~/ui/button";
import { Problems, TextArea, TextField } from "~/ui/field";
import { Answer, Card } from "~/ui/page";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { settings as texts } from "~/words/settings";
import { useWords } from "~/words/words";
import { Suppressions } from "./suppressions";

export function Mail() {
  const w = useWords(texts);
  const sender = useRead("get_mail_sender", {});
  return (
    <div className="grid grid-cols-1 items-start gap-5 xl:grid-cols-[20rem_minmax(0,1fr)]">
      <Card title={w.sender} about={w.senderAbout}><Answer of={sender}>{(now) => <Sender now={now} />}</Answer></Card>
      <Suppressions />
    </div>
  );
}

function Sender({ now }: { now: OutputOf<"get_mail_sender"> }) {
  const w = useWords(texts);
  const c = useWords(common);
  const [name, setName] = useState(now.name);
  const [postal, setPostal] = useState(now.postal_address);
  const set = useWrite("set_mail_sender", { onDone: () => tell(c.saved) });
  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={(event) => { event.preventDefault(); set.mutate({ name, postal_address: postal }); }}>
      <TextField label={w.senderName} value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(set.error, "name")} />
      <TextArea label={w.postal} hint={w.postalHint} value={postal} onChange={(event) => setPostal(event.target.value)} problem={problemOf(set.error, "postal_address")} />
      <Problems of={otherProblems(set.error, ["name", "postal_address"])} />
      <Buttons><Button type="submit" look="primary" busy={set.isPending}>{c.save}</Button></Buttons>
    </form>
  );
}
