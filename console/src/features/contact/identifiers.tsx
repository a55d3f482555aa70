// The cards and numbers by which shops know a contact.

import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { Button, IconButton } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { SelectField, TextField } from "~/ui/field";
import { Menu } from "~/ui/menu";
import { Answer, Badge, Card, Empty, Notice } from "~/ui/page";
import { Table } from "~/ui/table";
import { tell, tellProblem } from "~/ui/toast";
import { common } from "~/words/common";
import { contactWords } from "~/words/contact";
import { useWords } from "~/words/words";
import type { Contact } from "./contact";

type Identifier = OutputOf<"list_contact_identifiers">["identifiers"][number];
type Open = { what: "add" } | { what: "rename" | "delete"; of: Identifier };

export function Identifiers({ contact }: { contact: Contact }) {
  const w = useWords(contactWords);
  const c = useWords(common);
  const [open, setOpen] = useState<Open | null>(null);
  const list = useRead("list_contact_identifiers", { contact_uuid: contact.uuid });
  const update = useWrite("update_contact_identifiers", { onDone: (one) => tell(one.active ? w.switchedOn : w.switchedOff) });
  const unlink = useWrite("unlink_contact_identifier", { onDone: () => tell(w.unlinked) });
  const add = <Button small icon="plus" onClick={() => setOpen({ what: "add" })}>{w.addIdentifier}</Button>;
  const menu = (one: Identifier) => (
    <Menu items={[
      { label: w.rename, icon: "edit", onSelect: () => setOpen({ what: "rename", of: one }) },
      {
        label: one.active ? w.switchOff : w.switchOn, icon: one.active ? "pause" : "play",
        onSelect: () => update.mutate({ contact_identifier_value: one.value, contact_identifier_active: !one.active }, { onError: tellProblem }),
      },
      { label: w.unlink, icon: "split", onSelect: () => unlink.mutate({ contact_identifier_value: one.value }, { onError: tellProblem }) },
      "line",
      { label: w.deleteForGood, icon: "trash", danger: true, onSelect: () => setOpen({ what: "delete", of: one }) },
    ]}>
      <IconButton icon="more" label={`${c.actions}: ${one.name}`} />
    </Menu>
  );
  return (
    <Card flush title={w.identifiers} about={w.identifiersAbout} actions={add}>
      <Answer of={list}>
        {({ identifiers }) => (
          <Table label={w.identifiers} rows={identifiers} keyOf={(one) => one.value} actions={menu}
                 empty={<Empty icon="ticket" title={w.noIdentifiers}>{w.noIdentifiersAbout}</Empty>}
                 columns={[
                   { name: c.name, cell: (one) => one.name },
                   { name: w.value, cell: (one) => <code className="font-mono text-sm">{one.value}</code> },
                   {
                     name: c.state,
                     cell: (one) => (
                       <span className="inline-flex flex-wrap gap-1.5">
                         {one.active ? <Badge tone="good">{w.active}</Badge> : <Badge tone="warn">{w.off}</Badge>}
                         {one.default && <Badge>{w.default}</Badge>}
                       </span>
                     ),
                   },
                 ]} />
        )}
      </Answer>
      {open?.what === "add" && <Add contact={contact} onClose={() => setOpen(null)} />}
      {open?.what === "rename" && <Rename of={open.of} onClose={() => setOpen(null)} />}
      {open?.what === "delete" && <Delete of={open.of} onClose={() => setOpen(null)} />}
    </Card>
  );
}

function Add({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const w = useWords(contactWords);
  const c = useWords(common);
  const [kind, setKind] = useState("new");
  const [value, setValue] = useState("");
  const [name, setName] = useState("");
  const done = () => { tell(w.identifierAdded); onClose(); };
  const create = useWrite("create_contact_identifier", { onDone: done });
  const link = useWrite("link_contact_identifier", { onDone: done });
  const error = kind === "new" ? create.error : link.error;
  const send = () => {
    if (kind === "new") create.mutate({ contact_identifier_value: value, contact_uuid: contact.uuid, ...(name ? { contact_identifier_name: name } : {}) });
    else link.mutate({ contact_identifier_value: value, contact_uuid: contact.uuid });
  };
  return (
    <FormDialog title={w.addIdentifier} action={c.add} busy={create.isPending || link.isPending} onClose={onClose} onSubmit={send}
                problems={otherProblems(error, ["contact_identifier_value", "contact_identifier_name"])}>
      <SelectField label={w.whichIdentifier} value={kind} onChange={(event) => setKind(event.target.value)}>
        <option value="new">{w.newIdentifier}</option>
        <option value="link">{w.linkIdentifier}</option>
      </SelectField>
      <TextField label={w.value} value={value} autoComplete="off" autoFocus hint={kind === "new" ? w.valueHint : undefined}
                 onChange={(event) => setValue(event.target.value)} problem={problemOf(error, "contact_identifier_value")} />
      {kind === "new" && (
        <TextField label={c.name} optional value={name} autoComplete="off" onChange={(event) => setName(event.target.value)}
                   problem={problemOf(error, "contact_identifier_name")} />
      )}
    </FormDialog>
  );
}

function Rename({ of, onClose }: { of: Identifier; onClose: () => void }) {
  const w = useWords(contactWords);
  const c = useWords(common);
  const [name, setName] = useState(of.name);
  const update = useWrite("update_contact_identifiers", { onDone: () => { tell(c.saved); onClose(); } });
  return (
    <FormDialog title={w.rename} action={c.save} busy={update.isPending} onClose={onClose} problems={otherProblems(update.error, ["contact_identifier_name"])}
                onSubmit={() => update.mutate({ contact_identifier_value: of.value, contact_identifier_name: name })}>
      <TextField label={c.name} value={name} autoFocus onChange={(event) => setName(event.target.value)} problem={problemOf(update.error, "contact_identifier_name")} />
    </FormDialog>
  );
}

function Delete({ of, onClose }: { of: Identifier; onClose: () => void }) {
  const w = useWords(contactWords);
  const remove = useWrite("delete_contact_identifier", { onDone: () => { tell(w.identifierDeleted); onClose(); } });
  return (
    <FormDialog title={w.deleteForGood} action={w.deleteForGood} danger busy={remove.isPending} onClose={onClose} problems={otherProblems(remove.error, [])}
                onSubmit={() => remove.mutate({ contact_identifier_value: of.value })}>
      <p>{w.deleteIdentifierAbout(of.name)}</p>
      <Notice tone="warn">{w.deleteIdentifierHint}</Notice>
    </FormDialog>
  );
}
