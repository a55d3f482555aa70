import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { usePages } from "~/api/hooks";
import { Button, buttonClass } from "~/ui/button";
import { Icon } from "~/ui/icon";
import { Answer, Badge, Card, Empty, Page } from "~/ui/page";
import { Day } from "~/ui/show";
import { Table } from "~/ui/table";
import { contactWords } from "~/words/contact";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { CreateContact } from "./create_contact";
import { ExportContacts } from "./export_contacts";
import { ContactSearch } from "./search";

const limit = 30;

export default function Contacts() {
  const w = useWords(contactWords);
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [open, setOpen] = useState<"create" | "export" | null>(null);
  return (
    <Page title={w.contacts} about={w.contactsAbout}
          actions={(
            <>
              <Link to="/contacts/import" className={`${buttonClass()} max-sm:grow`}><Icon name="upload" />{w.import}</Link>
              <Button icon="download" className="max-sm:grow" onClick={() => setOpen("export")}>{w.export}</Button>
              <Button look="primary" icon="plus" className="max-sm:grow" onClick={() => setOpen("create")}>{w.newContact}</Button>
            </>
          )}>
      <div className="mb-5">
        <ContactSearch label={w.searchContacts} text={text} onText={setText} autoFocus
                       onChoose={(one) => void navigate({ to: `/contacts/${one.uuid}` })} />
      </div>
      {text.trim() === "" && <ContactList onCreate={() => setOpen("create")} />}
      {open === "create" && <CreateContact onClose={() => setOpen(null)} />}
      {open === "export" && <ExportContacts onClose={() => setOpen(null)} />}
    </Page>
  );
}

function ContactList({ onCreate }: { onCreate: () => void }) {
  const w = useWords(contactWords);
  const f = useFormats();
  const [oldestFirst, setOldestFirst] = useState(false);
  const list = usePages("browse_contacts", { limit, oldest_first: oldestFirst }, {
    rows: (page) => page.contacts,
    next: ({ contacts }, input) => (contacts.length < limit ? null : { ...input, after: contacts.at(-1)!.uuid }),
  });
  const total = list.data?.pages[0]?.total;
  return (
    <Card flush title={total === undefined ? w.allContacts : w.count(f.number(total), total)}
          actions={(
            <Button small look="quiet" icon="sort" className="-mr-2" onClick={() => setOldestFirst(!oldestFirst)}>
              {oldestFirst ? w.oldestFirst : w.newestFirst}
            </Button>
          )}>
      <Answer of={list}>
        {() => (
          <Table label={w.contacts} rows={list.rows} keyOf={(row) => row.uuid} to={(row) => `/contacts/${row.uuid}`}
                 empty={<Empty icon="contacts" title={w.noContacts} action={<Button look="primary" onClick={onCreate}>{w.newContact}</Button>}>{w.noContactsAbout}</Empty>}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 columns={[
                   { name: w.contact, cell: (row) => <Named contact={row} /> },
                   { name: w.balance, number: true, cell: (row) => f.number(row.credit_balance) },
                   { name: w.tier, cell: (row) => row.tier || "–" },
                   { name: w.since, minor: true, className: "max-sm:hidden whitespace-nowrap", cell: (row) => <Day at={row.created_at} /> },
                 ]} />
        )}
      </Answer>
    </Card>
  );
}

function Named({ contact }: { contact: OutputOf<"browse_contacts">["contacts"][number] }) {
  const w = useWords(contactWords);
  const { name } = contact;
  if (contact.is_anonymous) {
    return (
      <>
        <span className="mr-2">{name || w.anonymous}</span>{name && <Badge>{w.card}</Badge>}
      </>
    );
  }
  return (
    <>
      <span className="block">{name || contact.email}</span>
      {name && <span className="block text-sm font-normal text-soft">{contact.email}</span>}
    </>
  );
}
