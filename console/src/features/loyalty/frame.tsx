// What all pages of the loyalty programme stand in: the ways between them.

import type { ReactNode } from "react";

import type { IconName } from "~/ui/icon";
import { Page } from "~/ui/page";
import { SubPages } from "~/ui/sub_pages";
import { loyaltyWords } from "~/words/loyalty";
import { useWords } from "~/words/words";

type SectionName = keyof (typeof loyaltyWords)["en"]["sections"];

export const sections: { name: SectionName; to: string; icon: IconName }[] = [
  { name: "overview", to: "/loyalty", icon: "loyalty" },
  { name: "rules", to: "/loyalty/rules", icon: "star" },
  { name: "tiers", to: "/loyalty/tiers", icon: "insights" },
  { name: "perks", to: "/loyalty/perks", icon: "check" },
  { name: "rewards", to: "/loyalty/rewards", icon: "gift" },
  { name: "vouchers", to: "/loyalty/vouchers", icon: "ticket" },
  { name: "giftcards", to: "/loyalty/giftcards", icon: "card" },
  { name: "referrals", to: "/loyalty/referrals", icon: "contacts" },
  { name: "products", to: "/loyalty/products", icon: "product" },
  { name: "bookings", to: "/loyalty/bookings", icon: "calendar" },
  { name: "forms", to: "/loyalty/forms", icon: "form" },
];

export function LoyaltyPage({ title, about, actions, back, children }: {
  title: string; about?: ReactNode; actions?: ReactNode; back?: { to: string; label: string }; children: ReactNode;
}) {
  const w = useWords(loyaltyWords);
  return (
    <>
      <SubPages label={w.loyalty} pages={sections.map(({ name, to }) => ({ label: w.sections[name], to }))} />
      <Page title={title} about={about} actions={actions} {...(back ? { back } : {})}>{children}</Page>
    </>
  );
}
