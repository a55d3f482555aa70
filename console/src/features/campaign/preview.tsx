// A mail as it would arrive. Its HTML is shown in a frame in which nothing runs.

import { useState } from "react";

import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { TextField } from "~/ui/field";
import { Answer, Card, Notice } from "~/ui/page";
import { Facts } from "~/ui/table";
import { Tabs } from "~/ui/tabs";
import { tell } from "~/ui/toast";
import { campaign } from "~/words/campaign";
import { useWords } from "~/words/words";
import { PickContact, type Person } from "./pick_contact";

export function Preview({ uuid, stale }: { uuid: string; stale: boolean }) {
  const w = useWords(campaign);
  const [person, setPerson] = useState<Person | null>(null);
  const [testing, setTesting] = useState(false);
  const read = useRead("preview_mail_template", { uuid, ...(person ? { contact_uuid: person.uuid } : {}) }, { keep: true });
  return (
    <Card title={w.preview} actions={<Button small icon="mail" onClick={() => setTesting(true)}>{w.testMail}</Button>} className="lg:sticky lg:top-4">
      <div className="flex flex-col gap-4">
        {stale && <Notice tone="warn">{w.stale}</Notice>}
        <PickContact label={w.asFor} optional value={person} onChange={setPerson} />
        <Answer of={read}>
          {(mail) => (
            <>
              <Facts of={[[w.from, mail.from], [w.subject, <strong key="subject">{mail.subject}</strong>]]} />
              <Tabs label={w.preview} tabs={[
                { id: "html", label: w.asHtml, content: <Framed key={mail.html} uuid={uuid} person={person} /> },
                { id: "text", label: w.asText, content: <pre tabIndex={0} role="region" aria-label={w.asText} className="max-h-112 overflow-auto rounded-lg bg-sunk p-4 font-sans text-sm break-words whitespace-pre-wrap">{mail.text}</pre> },
              ]} />
            </>
          )}
        </Answer>
      </div>
      {testing && <TestMail uuid={uuid} person={person} onClose={() => setTesting(false)} />}
    </Card>
  );
}

/** From an address of its own, whose policy lets a mail's styles be and nothing of it run. */
function Framed({ uuid, person }: { uuid: string; person: Person | null }) {
  const w = useWords(campaign);
  return (
    <iframe title={w.preview} sandbox="" src={`/mail-preview/${uuid}${person ? `?contact_uuid=${person.uuid}` : ""}`}
            className="h-112 w-full rounded-lg border border-line bg-white" />
  );
}

function TestMail({ uuid, person, onClose }: { uuid: string; person: Person | null; onClose: () => void }) {
  const w = useWords(campaign);
  const [to, setTo] = useState("");
  const send = useWrite("send_test_mail", { onDone: (sent) => { tell(w.testSent(sent.to)); onClose(); } });
  return (
    <FormDialog title={w.testMail} action={w.sendTest} busy={send.isPending} problems={otherProblems(send.error, ["to"])} onClose={onClose}
                onSubmit={() => send.mutate({ uuid, to, ...(person ? { contact_uuid: person.uuid } : {}) })}>
      <TextField label={w.testTo} type="email" value={to} onChange={(event) => setTo(event.target.value)} problem={problemOf(send.error, "to")} />
    </FormDialog>
  );
}
