// Writes down what somebody asked in person.

import { useState } from "react";

import type { InputOf } from "~/api/client";
import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import type { FoundContact } from "~/features/contact/contact";
import { ContactPicker } from "~/features/contact/search";
import { FormDialog } from "~/ui/dialog";
import { SelectField, TextArea, TextField } from "~/ui/field";
import { tell } from "~/ui/toast";
import { erasureWords } from "~/words/erasure";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { noonOf } from "./lost";

type Channel = InputOf<"file_erasure_request">["channel"];
const channels: Channel[] = ["mail", "phone", "shop", "other"];

export function FileDialog({ contact, onClose }: { contact?: { uuid: string }; onClose: () => void }) {
  const w = useWords(erasureWords);
  const f = useFormats();
  const [chosen, setChosen] = useState<FoundContact | null>(null);
  const [channel, setChannel] = useState<Channel>("mail");
  const [askedOn, setAskedOn] = useState("");
  const [note, setNote] = useState("");
  const whose = contact?.uuid ?? chosen?.uuid;
  const file = useWrite("file_erasure_request", {
    onDone: (request) => {
      tell(w.filed(f.day(noonOf(request.due_on))));
      onClose();
    },
  });
  return (
    <FormDialog title={w.fileTitle} action={w.file} busy={file.isPending} disabled={!whose} onClose={onClose} problems={otherProblems(file.error, ["contact_uuid", "asked_on", "note"])}
                onSubmit={() => whose && file.mutate({ contact_uuid: whose, channel, note: note || null, asked_on: askedOn || null })}>
      <p className="text-soft">{w.fileAbout}</p>
      {!contact && <ContactPicker label={w.who} chosen={chosen} onChoose={setChosen} problem={problemOf(file.error, "contact_uuid")} />}
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField label={w.how} value={channel} onChange={(event) => setChannel(channels.find((one) => one === event.target.value) ?? "mail")}>
          {channels.map((one) => <option key={one} value={one}>{w.channels[one]}</option>)}
        </SelectField>
        <TextField label={w.askedOn} optional type="date" hint={w.askedOnHint} value={askedOn} onChange={(event) => setAskedOn(event.target.value)} problem={problemOf(file.error, "asked_on")} />
      </div>
      <TextArea label={w.note} optional hint={w.noteHint} rows={3} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} problem={problemOf(file.error, "note")} />
    </FormDialog>
  );
}
