// What all pages of marketing stand in: their title, and the way from one to the other.

import type { ReactNode } from "react";

import { Page } from "~/ui/page";
import { SubPages } from "~/ui/sub_pages";
import { campaign } from "~/words/campaign";
import { useWords } from "~/words/words";

const pages = ["overview", "segments", "campaigns", "sequences", "templates", "leads"] as const;

export function Marketing({ title, about, actions, back, children }: {
  title: string; about?: ReactNode; actions?: ReactNode; back?: { to: string; label: string }; children: ReactNode;
}) {
  const w = useWords(campaign);
  return (
    <>
      <SubPages label={w.title} pages={pages.map((page) => ({ label: w.pages[page], to: page === "overview" ? "/marketing" : `/marketing/${page}` }))} />
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
