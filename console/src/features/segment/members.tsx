import { useState } from "react";

import { usePages, useWrite } from "~/api/hooks";
import { more, nextPage } from "~/features/campaign/marketing";
import { PickContact, type Person } from "~/features/campaign/pick_contact";
import { Button, IconButton } from "~/ui/button";
import { TextField } from "~/ui/field";
import { Answer, Card, Empty } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { tell, tellProblem } from "~/ui/toast";
import { campaign } from "~/words/campaign";
import { segment as texts } from "~/words/segment";
import { useWords } from "~/words/words";
import type { Segment } from "./segment_page";

export function Members({ segment }: { segment: Segment }) {
  const w = useWords(texts);
  const [moment, setMoment] = useState("");
  const byHand = segment.conditions === null;
  const read = usePages("list_segment_members", { uuid: segment.uuid, ...(moment ? { as_of: new Date(moment).toISOString() } : {}) }, { rows: (page) => page.members, next: nextPage });
  const remove = useWrite("remove_segment_members", { onDone: () => tell(w.removed) });
  return (
    <Card flush title={w.members} about={w.membersAbout} actions={<div className="w-60"><TextField label={w.asOf} type="datetime-local" value={moment} onChange={(event) => setMoment(event.target.value)} /></div>}>
      {byHand && moment === "" && <AddMember segment={segment} />}
      <Answer of={read}>
        {() => (
          <Table label={w.members} rows={read.rows} keyOf={(one) => one.contact.uuid} to={(one) => `/contacts/${one.contact.uuid}`} more={more(read)}
                 empty={<Empty icon="contacts" title={w.nobody} />}
                 columns={[{ name: w.contact, cell: (one) => one.contact.email || w.nameless }, { name: w.since, cell: (one) => <Moment at={one.entered_at} /> }]}
                 {...(byHand ? { actions: (one: (typeof read.rows)[number]) => <IconButton icon="close" label={w.removeMember(one.contact.email)} disabled={remove.isPending} onClick={() => remove.mutate({ uuid: segment.uuid, contact_uuids: [one.contact.uuid] }, { onError: tellProblem })} /> } : {})} />
        )}
      </Answer>
    </Card>
  );
}

function AddMember({ segment }: { segment: Segment }) {
  const w = useWords(texts);
  const c = useWords(campaign);
  const [person, setPerson] = useState<Person | null>(null);
  const add = useWrite("add_segment_members", { onDone: () => { setPerson(null); tell(w.added); } });
  return (
    <div className="flex items-end gap-2 border-b border-line px-5 pb-4">
      <div className="max-w-sm grow"><PickContact key={add.submittedAt} label={w.addMember} value={person} onChange={setPerson} /></div>
      <Button disabled={!person} busy={add.isPending} onClick={() => person && add.mutate({ uuid: segment.uuid, contact_uuids: [person.uuid] }, { onError: tellProblem })}>{c.add}</Button>
    </div>
  );
}
