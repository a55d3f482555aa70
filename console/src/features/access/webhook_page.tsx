import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";

import { otherProblems, useRead } from "~/api/hooks";
import { Button, IconButton } from "~/ui/button";
import { Problems } from "~/ui/field";
import { Menu } from "~/ui/menu";
import { Answer, Badge, Card, Page } from "~/ui/page";
import { Day } from "~/ui/show";
import { Facts } from "~/ui/table";
import { common } from "~/words/common";
import { webhook as texts } from "~/words/webhook";
import { useWords } from "~/words/words";
import { usePause, useTest, type Subscription } from "./webhook";
import { Deliveries } from "./webhook_deliveries";
import { EditWebhookDialog, NewSecretDialog, RemoveWebhookDialog } from "./webhook_dialogs";

const settings = { to: "/settings", search: { tab: "webhooks" } };

export default function WebhookPage() {
  const w = useWords(texts);
  const { uuid } = useParams({ strict: false }) as { uuid: string };
  const read = useRead("get_webhook_subscription", { uuid });
  if (read.data) return <Shown subscription={read.data} />;
  return <Page title={w.subscriptions} back={{ ...settings, label: w.back }}><Card><Answer of={read}>{() => null}</Answer></Card></Page>;
}

function Shown({ subscription }: { subscription: Subscription }) {
  const w = useWords(texts);
  const c = useWords(common);
  const navigate = useNavigate();
  const pause = usePause(subscription);
  const test = useTest(subscription);
  const [open, setOpen] = useState<"edit" | "secret" | "remove">();
  const close = () => setOpen(undefined);
  const facts: Parameters<typeof Facts>[0]["of"] = [
    [w.event, w.events[subscription.event_type] ?? subscription.event_type],
    [w.url, <span key="url" className="break-all">{subscription.url}</span>],
    [c.state, <Badge key="state" tone={pause.active ? "good" : "plain"}>{w.statuses[subscription.status]}</Badge>],
    [c.created, <Day key="created" at={subscription.created_at} />],
  ];
  if (subscription.event_type === "contact_updated") facts.splice(1, 0, [w.attributes, subscription.properties.join(", ") || w.whatever]);
  return (
    <Page title={subscription.name} back={{ ...settings, label: w.back }}
          actions={(
            <>
              <Button icon="play" disabled={!pause.active} busy={test.busy} onClick={test.send}>{w.test}</Button>
              <Button icon={pause.active ? "pause" : "play"} busy={pause.busy} onClick={pause.change}>{pause.active ? w.pause : w.resume}</Button>
              <Menu items={[
                { label: w.edit, icon: "edit", onSelect: () => setOpen("edit") },
                { label: w.newSecret, icon: "key", onSelect: () => setOpen("secret") },
                "line",
                { label: w.remove, icon: "trash", danger: true, onSelect: () => setOpen("remove") },
              ]}>
                <IconButton icon="more" label={c.actions} className="size-10 border border-edge/60 bg-paper text-ink" />
              </Menu>
            </>
          )}>
      <div className="flex flex-col gap-5">
        <Problems of={[...otherProblems(pause.error, []), ...otherProblems(test.error, [])]} />
        <Card><Facts of={facts} /></Card>
        <Deliveries subscription={subscription} />
      </div>
      {open === "edit" && <EditWebhookDialog subscription={subscription} onClose={close} />}
      {open === "secret" && <NewSecretDialog subscription={subscription} onClose={close} />}
      {open === "remove" && <RemoveWebhookDialog subscription={subscription} onClose={close} onGone={() => void navigate({ to: settings.to, search: settings.search as never })} />}
    </Page>
  );
}
