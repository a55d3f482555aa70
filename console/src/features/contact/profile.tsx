import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { useRead } from "~/api/hooks";
import { FileDialog } from "~/features/erasure/file";
import { ErasureWaiting } from "~/features/erasure/waiting";
import { Button, IconButton } from "~/ui/button";
import { Menu } from "~/ui/menu";
import { Answer, Card, Page } from "~/ui/page";
import { Tabs } from "~/ui/tabs";
import { contactWords } from "~/words/contact";
import { erasureWords } from "~/words/erasure";
import { giftcardWords } from "~/words/giftcard";
import { rewardWords } from "~/words/reward";
import { useWords } from "~/words/words";
import { Attributes } from "./attributes";
import { AuthToken, Claim, VerificationMail } from "./access_dialogs";
import { Bookings, Vouchers } from "./belongings";
import { Consent } from "./consent";
import { isAnonymous, nameOf, type Contact } from "./contact";
import { CreditDialog } from "./credit_dialog";
import { EraseDialog } from "./erase_dialog";
import { Giftcards } from "./giftcards";
import { GiveVouchers } from "./give_vouchers";
import { Identifiers } from "./identifiers";
import { LeadScore } from "./lead_score";
import { MergeDialog } from "./merge_dialog";
import { ReferralLine } from "./referral_line";
import { Rewards } from "./rewards";
import { Sequences } from "./sequences";
import { Summary } from "./summary";
import { Timeline } from "./timeline";

export default function Profile() {
  const w = useWords(contactWords);
  const { uuid = "" } = useParams({ strict: false }) as { uuid?: string };
  const contact = useRead("get_contact", { contact_uuid: uuid });
  if (contact.data) return <Shown contact={contact.data} />;
  return (
    <Page title={w.contact} back={{ to: "/contacts", label: w.contacts }}>
      <Card><Answer of={contact}>{() => null}</Answer></Card>
    </Page>
  );
}

type DialogName = "credits" | "vouchers" | "mail" | "token" | "claim" | "merge" | "erase" | "file";

function Shown({ contact }: { contact: Contact }) {
  const w = useWords(contactWords);
  const g = useWords(giftcardWords);
  const r = useWords(rewardWords);
  const e = useWords(erasureWords);
  const navigate = useNavigate();
  const { tab } = useSearch({ strict: false }) as { tab?: string };
  const [open, setOpen] = useState<DialogName | null>(null);
  const anonymous = isAnonymous(contact);
  const name = nameOf(contact) || (anonymous ? w.anonymous : contact.email);
  const close = () => setOpen(null);
  const tabs = [
    { id: "timeline", label: w.timeline, content: <Timeline contact={contact} /> },
    { id: "attributes", label: w.attributes, content: <Attributes contact={contact} /> },
    { id: "identifiers", label: w.identifiers, content: <Identifiers contact={contact} /> },
    { id: "consent", label: w.consent, content: <Consent contact={contact} /> },
    { id: "vouchers", label: w.vouchers, content: <Vouchers contact={contact} onGive={() => setOpen("vouchers")} /> },
    { id: "rewards", label: r.rewards, content: <Rewards contact={contact} /> },
    { id: "giftcards", label: g.giftcards, content: <Giftcards contact={contact} /> },
    { id: "bookings", label: w.bookings, content: <Bookings contact={contact} /> },
    { id: "sequences", label: w.sequences, content: <Sequences contact={contact} /> },
    { id: "lead", label: w.leadScore, content: <LeadScore contact={contact} /> },
  ];
  return (
    <Page title={name} about={anonymous ? w.anonymousAbout : contact.email === name ? undefined : contact.email}
          back={{ to: "/contacts", label: w.contacts }}
          actions={(
            <>
              <Button look="primary" icon="loyalty" onClick={() => setOpen("credits")}>{w.giveOrTake}</Button>
              <Menu items={[
                { label: w.giveVouchers, icon: "ticket", onSelect: () => setOpen("vouchers") },
                ...(anonymous
                  ? [{ label: w.claim, icon: "mail" as const, onSelect: () => setOpen("claim") }]
                  : [{ label: w.verificationMail, icon: "mail" as const, onSelect: () => setOpen("mail") }]),
                { label: w.authToken, icon: "key", onSelect: () => setOpen("token") },
                { label: w.merge, icon: "contacts", onSelect: () => setOpen("merge") },
                "line",
                { label: e.fileTitle, icon: "form", onSelect: () => setOpen("file") },
                { label: w.erase, icon: "trash", danger: true, onSelect: () => setOpen("erase") },
              ]}>
                <IconButton icon="more" label={w.moreActions} className="size-10 border border-edge/60 bg-paper text-ink" />
              </Menu>
            </>
          )}>
      <ErasureWaiting contact={contact} />
      <Summary contact={contact} />
      <ReferralLine contact={contact} />
      <Tabs label={name} tabs={tabs} chosen={tabs.some((one) => one.id === tab) ? tab! : "timeline"}
            onChoose={(id) => void navigate({ to: `/contacts/${contact.uuid}`, search: { tab: id } as never, replace: true, resetScroll: false })} />
      {open === "credits" && <CreditDialog contact={contact} onClose={close} />}
      {open === "vouchers" && <GiveVouchers contact={contact} onClose={close} />}
      {open === "mail" && <VerificationMail contact={contact} onClose={close} />}
      {open === "token" && <AuthToken contact={contact} onClose={close} />}
      {open === "claim" && <Claim contact={contact} onClose={close} />}
      {open === "merge" && <MergeDialog contact={contact} onClose={close} />}
      {open === "file" && <FileDialog contact={contact} onClose={close} />}
      {open === "erase" && <EraseDialog contact={contact} onClose={close} />}
    </Page>
  );
}
