import { useState } from "react";

import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import { Button, Buttons } from "~/ui/button";
import { Dialog, FormDialog } from "~/ui/dialog";
import { SelectField, TextField } from "~/ui/field";
import { Secret } from "~/ui/show";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { webhook as texts } from "~/words/webhook";
import { useWords } from "~/words/words";
import { events, namesIn, newSecret, type Subscription, type WebhookEvent } from "./webhook";

/** A secret, this once. */
function ShownSecret({ name, secret, onClose }: { name: string; secret: string; onClose: () => void }) {
  const w = useWords(texts);
  const c = useWords(common);
  return (
    <Dialog title={w.secretOf(name)}>
      <p className="mb-4">{w.secretAbout}</p>
      <Secret text={secret} label={w.secret} onHide={onClose} />
      <Buttons><Button look="primary" onClick={onClose}>{c.done}</Button></Buttons>
    </Dialog>
  );
}

export function NewWebhookDialog({ onClose }: { onClose: () => void }) {
  const w = useWords(texts);
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const [event, setEvent] = useState<WebhookEvent>("contact_created");
  const [attributes, setAttributes] = useState("");
  const [secret] = useState(newSecret);
  const create = useWrite("create_webhook_subscription");
  if (create.data) return <ShownSecret name={create.data.name} secret={secret} onClose={onClose} />;
  const watches = event === "contact_updated";
  return (
    <FormDialog title={w.make} action={w.make} busy={create.isPending} onClose={onClose} problems={otherProblems(create.error, ["name", "url", "event_type", "attributes"])}
                onSubmit={() => create.mutate({ name, url, event_type: event, secret, attributes: watches ? namesIn(attributes) : null, status: null })}>
      <TextField label={w.name} placeholder={w.namePlaceholder} autoFocus autoComplete="off" value={name} onChange={(typed) => setName(typed.target.value)} problem={problemOf(create.error, "name")} />
      <TextField label={w.url} hint={w.urlHint} type="url" placeholder="https://" autoComplete="off" value={url} onChange={(typed) => setUrl(typed.target.value)} problem={problemOf(create.error, "url")} />
      <EventField value={event} onChange={setEvent} problem={problemOf(create.error, "event_type")} />
      {watches && <AttributesField value={attributes} onChange={setAttributes} problem={problemOf(create.error, "attributes")} />}
    </FormDialog>
  );
}

function EventField({ value, onChange, problem }: { value: WebhookEvent; onChange: (event: WebhookEvent) => void; problem: string | undefined }) {
  const w = useWords(texts);
  const all = [...events.fromWire, ...events.ours, ...events.notYet];
  const group = (label: string, of: readonly WebhookEvent[]) => (
    <optgroup label={label}>{of.map((one) => <option key={one} value={one}>{w.events[one]}</option>)}</optgroup>
  );
  return (
    <SelectField label={w.event} value={value} problem={problem}
                 onChange={(chosen) => onChange(all.find((one) => one === chosen.target.value) ?? value)}>
      {group(w.fromWire, events.fromWire)}
      {group(w.ours, events.ours)}
      {group(w.notYet, events.notYet)}
    </SelectField>
  );
}

function AttributesField({ value, onChange, problem }: { value: string; onChange: (text: string) => void; problem: string | undefined }) {
  const w = useWords(texts);
  return <TextField label={w.attributes} hint={w.attributesHint} optional autoComplete="off" value={value} onChange={(typed) => onChange(typed.target.value)} problem={problem} />;
}

export function EditWebhookDialog({ subscription, onClose }: { subscription: Subscription; onClose: () => void }) {
  const w = useWords(texts);
  const c = useWords(common);
  const [name, setName] = useState(subscription.name);
  const [url, setUrl] = useState(subscription.url);
  const [attributes, setAttributes] = useState(subscription.properties.join(", "));
  const update = useWrite("update_webhook_subscription", {
    onDone: () => {
      tell(c.saved);
      onClose();
    },
  });
  return (
    <FormDialog title={w.editTitle(subscription.name)} action={c.save} busy={update.isPending} onClose={onClose} problems={otherProblems(update.error, ["name", "url", "attributes"])}
                onSubmit={() => update.mutate({ uuid: subscription.uuid, name, url, attributes: namesIn(attributes), status: null })}>
      <TextField label={w.name} autoComplete="off" value={name} onChange={(typed) => setName(typed.target.value)} problem={problemOf(update.error, "name")} />
      <TextField label={w.url} hint={w.urlHint} type="url" autoComplete="off" value={url} onChange={(typed) => setUrl(typed.target.value)} problem={problemOf(update.error, "url")} />
      {subscription.event_type === "contact_updated" && <AttributesField value={attributes} onChange={setAttributes} problem={problemOf(update.error, "attributes")} />}
    </FormDialog>
  );
}

export function NewSecretDialog({ subscription, onClose }: { subscription: Subscription; onClose: () => void }) {
  const w = useWords(texts);
  const rotate = useWrite("rotate_webhook_secret");
  if (rotate.data) return <ShownSecret name={subscription.name} secret={rotate.data.secret} onClose={onClose} />;
  return (
    <FormDialog title={w.newSecretTitle(subscription.name)} action={w.newSecret} danger busy={rotate.isPending} onClose={onClose} problems={otherProblems(rotate.error, [])}
                onSubmit={() => rotate.mutate({ uuid: subscription.uuid })}>
      <p>{w.newSecretAbout}</p>
    </FormDialog>
  );
}

export function RemoveWebhookDialog({ subscription, onClose, onGone }: { subscription: Subscription; onClose: () => void; onGone?: () => void }) {
  const w = useWords(texts);
  const remove = useWrite("delete_webhook_subscription", {
    onDone: () => {
      tell(w.removed(subscription.name));
      onClose();
      onGone?.();
    },
  });
  return (
    <FormDialog title={w.removeTitle(subscription.name)} action={w.remove} danger busy={remove.isPending} onClose={onClose} problems={otherProblems(remove.error, [])}
                onSubmit={() => remove.mutate({ uuid: subscription.uuid })}>
      <p>{w.removeAbout}</p>
    </FormDialog>
  );
}
