import { useState } from "react";

import { otherProblems, useRead } from "~/api/hooks";
import { Button, IconButton } from "~/ui/button";
import { Problems } from "~/ui/field";
import { Menu } from "~/ui/menu";
import { Answer, Badge, Card, Empty } from "~/ui/page";
import { Table } from "~/ui/table";
import { common } from "~/words/common";
import { webhook as texts } from "~/words/webhook";
import { useWords } from "~/words/words";
import { usePause, useTest, type Subscription } from "./webhook";
import { WebhookConnections } from "./webhook_connections";
import { EditWebhookDialog, NewSecretDialog, NewWebhookDialog, RemoveWebhookDialog } from "./webhook_dialogs";

export function Webhooks() {
  return (
    <div className="flex flex-col gap-5">
      <Subscriptions />
      <WebhookConnections />
    </div>
  );
}

const pageSize = 50;

function Subscriptions() {
  const w = useWords(texts);
  const c = useWords(common);
  const subscriptions = useRead("list_webhook_subscriptions", {});
  const [making, setMaking] = useState(false);
  const [shown, setShown] = useState(pageSize);
  return (
    <Card title={w.subscriptions} about={w.about} flush actions={<Button look="primary" icon="plus" onClick={() => setMaking(true)}>{w.make}</Button>}>
      <Answer of={subscriptions}>
        {({ subscriptions: all }) => (
          <Table label={w.subscriptions} rows={all.slice(0, shown)} keyOf={(one) => one.uuid} to={(one) => `/settings/webhooks/${one.uuid}`}
                 empty={<Empty icon="external" title={w.none}>{w.noneAbout}</Empty>}
                 more={{ has: all.length > shown, busy: false, load: () => setShown(shown + pageSize) }}
                 columns={[
                   { name: c.name, cell: (one) => <span className="break-words">{one.name}</span>, className: "sm:min-w-48" },
                   { name: w.event, cell: (one) => w.events[one.event_type] ?? one.event_type, className: "sm:min-w-40" },
                   { name: w.url, minor: true, cell: (one) => <span className="text-sm break-all">{one.url}</span> },
                   { name: c.state, cell: (one) => <Badge tone={one.status === "ACTIVE" ? "good" : "plain"}>{w.statuses[one.status]}</Badge> },
                 ]}
                 actions={(one) => <RowMenu subscription={one} />} />
        )}
      </Answer>
      {making && <NewWebhookDialog onClose={() => setMaking(false)} />}
    </Card>
  );
}

function RowMenu({ subscription }: { subscription: Subscription }) {
  const w = useWords(texts);
  const c = useWords(common);
  const pause = usePause(subscription);
  const test = useTest(subscription);
  const [open, setOpen] = useState<"edit" | "secret" | "remove">();
  const close = () => setOpen(undefined);
  return (
    <>
      <Menu items={[
        { label: w.test, icon: "play", disabled: !pause.active || test.busy, onSelect: test.send },
        { label: w.edit, icon: "edit", onSelect: () => setOpen("edit") },
        { label: pause.active ? w.pause : w.resume, icon: pause.active ? "pause" : "play", disabled: pause.busy, onSelect: pause.change },
        { label: w.newSecret, icon: "key", onSelect: () => setOpen("secret") },
        "line",
        { label: w.remove, icon: "trash", danger: true, onSelect: () => setOpen("remove") },
      ]}>
        <IconButton icon="more" label={`${c.actions}: ${subscription.name}`} />
      </Menu>
      <Problems of={[...otherProblems(pause.error, []), ...otherProblems(test.error, [])]} />
      {open === "edit" && <EditWebhookDialog subscription={subscription} onClose={close} />}
      {open === "secret" && <NewSecretDialog subscription={subscription} onClose={close} />}
      {open === "remove" && <RemoveWebhookDialog subscription={subscription} onClose={close} />}
    </>
  );
}
