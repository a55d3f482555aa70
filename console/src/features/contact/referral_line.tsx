// Who brought a contact, and how many friends it brought.

import { Link } from "@tanstack/react-router";

import { useRead } from "~/api/hooks";
import { referralWords } from "~/words/referral";
import { useWords } from "~/words/words";
import type { Contact } from "./contact";

export function ReferralLine({ contact }: { contact: Contact }) {
  const w = useWords(referralWords);
  const brought = useRead("search_referrals", { referred_contact_uuid: contact.uuid, limit: 1 });
  const friends = useRead("search_referrals", { referring_contact_uuid: contact.uuid, limit: 1 });
  const by = brought.data?.referrals[0]?.referring_contact;
  const count = friends.data?.page.total ?? 0;
  if (!by && count === 0) return null;
  return (
    <p className="-mt-3 mb-6 flex flex-wrap gap-x-5 gap-y-1 text-sm text-soft">
      {by && <span>{w.broughtBy} <Link to={`/contacts/${by.uuid}`} className="break-all text-pink hover:underline">{by.email}</Link></span>}
      {count > 0 && <span>{w.friends(count)}</span>}
    </p>
  );
}
