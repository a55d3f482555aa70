// What a contact receives, and the proof that it was agreed to.

import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { useRead, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Dialog } from "~/ui/dialog";
import { Answer, Badge, Card, Empty, type Tone } from "~/ui/page";
import { Day } from "~/ui/show";
import { Facts, Table } from "~/ui/table";
import { tell, tellProblem } from "~/ui/toast";
import { contactWords } from "~/words/contact";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import type { Contact } from "./contact";

type Subscription = OutputOf<"list_contact_subscriptions">["subscriptions"][number];
type Proof = OutputOf<"list_consent_proofs">["proofs"][number];

const tones: Record<Subscription["status"], Tone> = { SUBSCRIBED: "good", PENDING_CONFIRMATION: "warn", UNSUBSCRIBED: "plain" };
const proofTones: Record<Proof["state"], Tone> = { given: "good", pending: "warn", confirmed: "good" };

export function Consent({ contact }: { contact: Contact }) {
  const w = useWords(contactWords);
  const input = { contact_uuid: contact.uuid };
  const subscriptions = useRead("list_contact_subscriptions", input);
  const proofs = useRead("list_consent_proofs", input);
  const [proof, setProof] = useState<Proof | null>(null);
  return (
    <div className="flex flex-col gap-5">
      <Card flush title={w.subscriptions} about={w.subscriptionsAbout}>
        <Answer of={subscriptions}>
          {({ subscriptions: all }) => all.length === 0
            ? <Empty icon="mail" title={w.noSubscriptions}>{w.noSubscriptionsAbout}</Empty>
            : <ul className="divide-y divide-line">{all.map((one) => <Row key={one.subscription_type.uuid} contact={contact} one={one} />)}</ul>}
        </Answer>
      </Card>
      <Card flush title={w.proofs} about={w.proofsAbout}>
        <Answer of={proofs}>
          {({ proofs: all }) => (
            <Table label={w.proofs} rows={all} keyOf={(one) => one.uuid} onOpen={setProof}
                   empty={<Empty icon="shield" title={w.noProofs}>{w.noProofsAbout}</Empty>}
                   columns={[
                     { name: w.subscription, cell: (one) => one.subscription },
                     { name: w.stateOf, cell: (one) => <Badge tone={proofTones[one.state]}>{w.proofStates[one.state]}</Badge> },
                     { name: w.form, cell: (one) => w.formVersion(one.form_name, one.form_version) },
                     { name: w.givenAt, cell: (one) => <Day at={one.given_at} /> },
                   ]} />
          )}
        </Answer>
      </Card>
      {proof && <ProofDialog proof={proof} onClose={() => setProof(null)} />}
    </div>
  );
}

function Row({ contact, one }: { contact: Contact; one: Subscription }) {
  const w = useWords(contactWords);
  const type = one.subscription_type;
  const input = { contact_uuid: contact.uuid, subscription_type_uuid: type.uuid };
  const subscribe = useWrite("subscribe_contact", { onDone: (now) => tell(now.status === "PENDING_CONFIRMATION" ? w.confirmationSent : w.subscribed) });
  const unsubscribe = useWrite("unsubscribe_contact", { onDone: () => tell(w.unsubscribed) });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3">
      <div className="min-w-0 grow">
        <p className="flex flex-wrap items-center gap-2 font-medium">{type.name}<Badge tone={tones[one.status]}>{w.statuses[one.status]}</Badge></p>
        <p className="text-sm text-soft">{[type.description.replace(/\.$/, ""), w.strategies[type.strategy]].filter(Boolean).join(" · ")}</p>
      </div>
      {one.status === "UNSUBSCRIBED"
        ? <Button small busy={subscribe.isPending} aria-label={w.subscribeTo(type.name)} onClick={() => subscribe.mutate(input, { onError: tellProblem })}>{w.subscribe}</Button>
        : <Button small busy={unsubscribe.isPending} aria-label={w.unsubscribeFrom(type.name)} onClick={() => unsubscribe.mutate(input, { onError: tellProblem })}>{w.unsubscribe}</Button>}
    </li>
  );
}

function ProofDialog({ proof, onClose }: { proof: Proof; onClose: () => void }) {
  const w = useWords(contactWords);
  const f = useFormats();
  return (
    <Dialog title={w.proofOf(proof.subscription)} onClose={onClose} wide>
      <blockquote className="mb-4 rounded-lg border-l-4 border-pink bg-sunk px-4 py-3">{proof.text}</blockquote>
      <Facts of={[
        [w.form, w.formVersion(proof.form_name, proof.form_version)],
        [w.givenAt, f.exact(proof.given_at)],
        [w.fromAddress, proof.given_address || "–"],
        [w.withProgram, proof.given_user_agent || "–"],
        [w.confirmedAt, proof.confirmed_at ? f.exact(proof.confirmed_at) : "–"],
        ...(proof.confirmed_at ? [[w.confirmedFrom, proof.confirmed_address ?? "–"] as [string, string]] : []),
        [w.submission, <code key="uuid" className="font-mono text-sm">{proof.submission_uuid}</code>],
      ]} />
    </Dialog>
  );
}
