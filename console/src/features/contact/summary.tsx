// What one wants to know of a contact at once.

import type { ReactNode } from "react";

import { useRead } from "~/api/hooks";
import { Day } from "~/ui/show";
import { contactWords } from "~/words/contact";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { attributeOf, createdAt, type Contact } from "./contact";
import { useMoney } from "./money";

function Figure({ label, about, children }: { label: string; about?: ReactNode; children: ReactNode }) {
  return (
    <div className="min-w-0 rounded-2xl border border-line bg-paper px-4 py-3 sm:px-5 sm:py-4">
      <dt className="text-sm text-soft">{label}</dt>
      <dd className="mt-0.5 text-lg font-semibold tracking-tight tabular-nums sm:text-2xl">{children}</dd>
      {about && <dd className="mt-0.5 text-sm text-soft">{about}</dd>}
    </div>
  );
}

export function Summary({ contact }: { contact: Contact }) {
  const w = useWords(contactWords);
  const f = useFormats();
  const money = useMoney();
  const prepaid = useRead("get_contact_prepaid_balance", { contact_uuid: contact.uuid });
  const program = useRead("get_loyalty_program", {});
  const tiers = useRead("list_tiers", {});
  const received = Number(attributeOf(contact, "loyalty_total_credits_received") || 0);
  const transactions = Number(attributeOf(contact, "loyalty_number_of_transactions") || 0);
  const last = attributeOf(contact, "loyalty_last_transaction_date");
  const above = tiers.data?.tiers.find((one) => one.position > (contact.tier?.position ?? -Infinity));
  return (
    <dl className="mb-6 grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Figure label={program.data?.custom_credit_name || w.credits} about={w.transactions(f.number(transactions), transactions)}>
        {f.number(contact.credit_balance.balance)}
      </Figure>
      <Figure label={w.tier} about={above ? w.receivedNext(f.number(received), above.name) : w.received(f.number(received))}>
        {contact.tier?.name ?? "–"}
      </Figure>
      <Figure label={w.prepaid} about={w.prepaidAbout}>
        {prepaid.data ? money(prepaid.data.balance_in_cents, prepaid.data.balance) : "–"}
      </Figure>
      <Figure label={w.since} about={last ? <>{w.lastSeen} <Day at={last} /></> : w.neverBought}>
        <Day at={createdAt(contact)} />
      </Figure>
    </dl>
  );
}
