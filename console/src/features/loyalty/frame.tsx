// What all pages of the loyalty programme stand in: the ways between them.

import { Link, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { join } from "~/ui/class";
import type { IconName } from "~/ui/icon";
import { Page } from "~/ui/page";
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
  { name: "products", to: "/loyalty/products", icon: "product" },
  { name: "bookings", to: "/loyalty/bookings", icon: "calendar" },
  { name: "forms", to: "/loyalty/forms", icon: "form" },
];

export function LoyaltyPage({ title, about, actions, back, children }: {
  title: string; about?: ReactNode; actions?: ReactNode; back?: { to: string; label: string }; children: ReactNode;
}) {
  const w = useWords(loyaltyWords);
  const at = useLocation({ select: (location) => location.pathname });
  return (
    <>
      <nav aria-label={w.loyalty} className="border-b border-line bg-paper print:hidden">
        <ul className="mx-auto flex w-full max-w-7xl gap-1 overflow-x-auto px-3 sm:px-5 lg:px-7">
          {sections.map(({ name, to }) => {
            const here = to === "/loyalty" ? at === "/loyalty" || at === "/loyalty/" : at === to || at.startsWith(`${to}/`);
            return (
              <li key={name}>
                <Link to={to} aria-current={here ? "page" : undefined}
                      className={join("-mb-px block border-b-2 px-3 py-2.5 text-sm font-medium whitespace-nowrap",
                                      here ? "border-pink text-ink" : "border-transparent text-soft hover:text-ink")}>
                  {w.sections[name]}
                </Link>
              </li>
            );
          })}
        </ul>
      </nav>
      <Page title={title} about={about} actions={actions} {...(back ? { back } : {})}>{children}</Page>
    </>
  );
}
