import { useState } from "react";

import { useSession, type OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import { Button, IconButton } from "~/ui/button";
import { Menu } from "~/ui/menu";
import { Answer, Badge, Card } from "~/ui/page";
import { Table } from "~/ui/table";
import { access as texts } from "~/words/access";
import { common } from "~/words/common";
import { useWords } from "~/words/words";
import { AddPersonDialog } from "./add_person";
import { RemoveDialog, RoleDialog } from "./person_dialogs";

export type User = OutputOf<"list_users">["users"][number];

export function Users() {
  const w = useWords(texts);
  const c = useWords(common);
  const { email: own } = useSession();
  const users = useRead("list_users", {});
  const [adding, setAdding] = useState(false);
  const [open, setOpen] = useState<{ what: "role" | "remove"; user: User }>();
  const close = () => setOpen(undefined);
  return (
    <Card title={w.tabs.users} about={w.usersAbout} flush actions={<Button look="primary" icon="plus" onClick={() => setAdding(true)}>{w.addPerson}</Button>}>
      <Answer of={users}>
        {({ users: all }) => (
          <Table label={w.tabs.users} rows={all} keyOf={(user) => user.uuid}
                 columns={[
                   { name: w.person, cell: (user) => <>{user.name || user.email}{user.email === own && <span className="ml-2"><Badge tone="pink">{w.you}</Badge></span>}</> },
                   { name: w.email, cell: (user) => user.email },
                   { name: w.role, cell: (user) => <span title={w.rolesAbout[user.role]}>{w.roles[user.role]}</span> },
                 ]}
                 actions={(user) => (
                   <Menu items={[
                     { label: w.changeRole, icon: "shield", onSelect: () => setOpen({ what: "role", user }) },
                     { label: w.removePerson, icon: "trash", danger: true, onSelect: () => setOpen({ what: "remove", user }) },
                   ]}>
                     <IconButton icon="more" label={`${c.actions}: ${user.email}`} />
                   </Menu>
                 )} />
        )}
      </Answer>
      {adding && <AddPersonDialog onClose={() => setAdding(false)} />}
      {open?.what === "role" && <RoleDialog user={open.user} onClose={close} />}
      {open?.what === "remove" && <RemoveDialog user={open.user} onClose={close} />}
    </Card>
  );
}
