// What all pages of marketing stand in: their title, and the way from one to the other.

import { Link, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { join } from "~/ui/class";
import { Page } from "~/ui/page";
import { campaign } from "~/words/campaign";
import { useWords } from "~/words/words";

const pages = ["overview", "segments", "campaigns", "sequences", "templates", "leads"] as const;

export function Marketing({ title, about, actions, back, children }: {
  title: string; about?: ReactNode; actions?: ReactNode; back?: { to: string; label: string }; children: ReactNode;
}) {
  const w = useWords(campaign);
  const at = useLocation({ select: (location) => location.pathname });
  return (
    <>
      <nav aria-label={w.title} className="border-b border-line bg-paper">
        <ul className="mx-auto flex w-full max-w-7xl gap-1 overflow-x-auto px-3 sm:px-5 lg:px-7">
          {pages.map((page) => {
            const to = page === "overview" ? "/marketing" : `/marketing/${page}`;
            const here = page === "overview" ? at === to : at.startsWith(to);
            return (
              <li key={page}>
                <Link to={to} aria-current={here ? "page" : undefined}
                      className={join("block border-b-2 px-3 py-2.5 text-sm font-medium whitespace-nowrap",
                                      here ? "border-pink text-ink" : "border-transparent text-soft hover:text-ink")}>
                  {w.pages[page]}
                </Link>
              </li>
            );
          })}
        </ul>
      </nav>
      <Page title={title} {...(about ? { about } : {})} {...(actions ? { actions } : {})} {...(back ? { back } : {})}>{children}</Page>
    </>
  );
}

interface Paged {
  page: { page: number; limit: number; total: number };
}

/** The input of the page after one; of lists that count their pages. */
export function nextPage<Input extends object>(answer: Paged, input: Input): Input | null {
  const { page, limit, total } = answer.page;
  return page * limit < total ? { ...input, page: page + 1 } : null;
}

export function more(of: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }) {
  return { has: of.hasNextPage, busy: of.isFetchingNextPage, load: () => void of.fetchNextPage() };
}
