import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { usePages } from "~/api/hooks";
import { Button, buttonClass } from "~/ui/button";
import { Icon } from "~/ui/icon";
import { Answer, Badge, Card, Empty, Page } from "~/ui/page";
import { Day } from "~/ui/show";
import { Table } from "~/ui/table";
import { contactWords } from "~/words/contact";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { createdAt, isAnonymous, nameOf, type Contact } from "./contact";
import { CreateContact } from "./create_contact";
import { ExportContacts } from "./export_contacts";
import { ContactSearch } from "./search";

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
  const [sort, setSort] = useState("-created_at");
  const list = usePages("list_contacts", { limit: 30, page: 1, sort }, {
    rows: (page) => page.contacts,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  const total = list.data?.pages[0]?.page.total;
  return (
    <Card flush title={total === undefined ? w.allContacts : w.count(f.number(total), total)}
          actions={(
            <Button small look="quiet" icon="sort" className="-mr-2" onClick={() => setSort(sort === "created_at" ? "-created_at" : "created_at")}>
              {sort === "created_at" ? w.oldestFirst : w.newestFirst}
            </Button>
          )}>
      <Answer of={list}>
        {() => (
          <Table label={w.contacts} rows={list.rows} keyOf={(row: Contact) => row.uuid} to={(row) => `/contacts/${row.uuid}`}
                 empty={<Empty icon="contacts" title={w.noContacts} action={<Button look="primary" onClick={onCreate}>{w.newContact}</Button>}>{w.noContactsAbout}</Empty>}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 columns={[
                   { name: w.contact, cell: (row) => <Named contact={row} /> },
                   { name: w.balance, number: true, cell: (row) => f.number(row.credit_balance.balance) },
                   { name: w.tier, cell: (row) => row.tier?.name ?? "–" },
                   { name: w.since, minor: true, className: "max-sm:hidden whitespace-nowrap", cell: (row) => <Day at={createdAt(row)} /> },
                 ]} />
        )}
      </Answer>
    </Card>
  );
}

function Named({ contact }: { contact: Contact }) {
  const w = useWords(contactWords);
  const name = nameOf(contact);
  if (isAnonymous(contact)) {
    return (
      <>
        <span className="mr-2">{name || w.anonymous}</span><Badge>{w.card}</Badge>
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
