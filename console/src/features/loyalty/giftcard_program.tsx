// One gift card program: what its cards add up to, the cards, and the sheet to print.

import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import type { OutputOf } from "~/api/client";
import { usePages, useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Dialog } from "~/ui/dialog";
import { Answer, Badge, Card, Empty } from "~/ui/page";
import { Day } from "~/ui/show";
import { Facts, Table } from "~/ui/table";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { giftcardWords } from "~/words/giftcard";
import { useWords } from "~/words/words";
import { LoyaltyPage } from "./frame";
import { giftcardTones, stateOf } from "./giftcard";
import { GiftcardDetails } from "./giftcard_details";
import { EditProgram, IssueCards } from "./giftcard_program_dialogs";
import { GiftcardSheet } from "./giftcard_sheet";

type Known = OutputOf<"get_giftcard_program">;

export default function GiftcardProgramPage() {
  const w = useWords(giftcardWords);
  const { program = "" } = useParams({ strict: false }) as { program?: string };
  const read = useRead("get_giftcard_program", { giftcard_program_uuid: program });
  const { sheet } = useSearch({ strict: false }) as { sheet?: boolean };
  if (read.data) return sheet ? <GiftcardSheet known={read.data} /> : <Shown known={read.data} />;
  return (
    <LoyaltyPage title={w.program} back={{ to: "/loyalty/giftcards", label: w.giftcards }}>
      <Card><Answer of={read}>{() => null}</Answer></Card>
    </LoyaltyPage>
  );
}

function Shown({ known }: { known: Known }) {
  const w = useWords(giftcardWords);
  const c = useWords(common);
  const f = useFormats();
  const navigate = useNavigate();
  const program = known.giftcard_program;
  const [open, setOpen] = useState<"issue" | "edit" | null>(null);
  const money = (cents: number) => f.money(cents, known.currency);
  const to = (search: object) => void navigate({ to: `/loyalty/giftcards/${program.uuid}`, search: search as never });
  const figures: [string, ReactNode][] = [
    [w.outstanding, <strong key="sum">{money(known.outstanding_in_cents)}</strong>], [w.loaded, money(known.loaded_in_cents)],
    [w.spent, money(known.spent_in_cents)], [w.expired, money(known.expired_in_cents)],
  ];
  return (
    <LoyaltyPage title={program.name} back={{ to: "/loyalty/giftcards", label: w.giftcards }} about={program.active ? undefined : <Badge>{w.off}</Badge>}
                 actions={(
                   <>
                     <Button icon="edit" onClick={() => setOpen("edit")}>{c.edit}</Button>
                     <Button icon="form" onClick={() => to({ sheet: true })}>{w.printSheet}</Button>
                     {program.active && <Button look="primary" icon="plus" onClick={() => setOpen("issue")}>{w.issue}</Button>}
                   </>
                 )}>
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,3fr)]">
        <div className="grid grid-cols-1 gap-5 sm:grid-cols-2 lg:grid-cols-1">
          <Card title={w.figures}><Facts of={figures.map(([name, value]) => [name, <span key={name} className="tabular-nums">{value}</span>])} /></Card>
          <Card title={w.rules}>
            <Facts of={[
              [w.goodFor, w.days(program.expiration_days)],
              [w.most, program.max_amount_in_cents === null ? w.noLimit : money(program.max_amount_in_cents)],
              [w.least, program.min_amount_in_cents === null ? w.anyAmount : money(program.min_amount_in_cents)],
              [w.loading, program.reloadable ? w.again : w.once],
            ]} />
          </Card>
        </div>
        <Cards known={known} />
      </div>
      {open === "issue" && <IssueCards program={program} currency={known.currency} onMade={(cards) => { setOpen(null); if (cards.length === 1) to({ card: cards[0]!.hash }); }} onClose={() => setOpen(null)} />}
      {open === "edit" && <EditProgram program={program} onClose={() => setOpen(null)} />}
    </LoyaltyPage>
  );
}

function Cards({ known }: { known: Known }) {
  const w = useWords(giftcardWords);
  const c = useWords(common);
  const f = useFormats();
  const navigate = useNavigate();
  const program = known.giftcard_program;
  // The address names the card that is open, so that links lead to it. One of digits alone is a number.
  const { card } = useSearch({ strict: false }) as { card?: unknown };
  const show = (hash?: string) => void navigate({ to: `/loyalty/giftcards/${program.uuid}`, search: (hash ? { card: hash } : {}) as never });
  const list = usePages("search_giftcards", { giftcard_program_uuid: program.uuid, limit: 50, page: 1 }, {
    rows: (page) => page.giftcards,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  const total = list.data?.pages[0]?.page.total;
  return (
    <Card flush title={total === undefined ? w.cards : w.cardCount(f.number(total), total)}>
      <Answer of={list}>
        {() => (
          <Table label={w.cards} rows={list.rows} keyOf={(one) => one.uuid} onOpen={(one) => show(one.hash)}
                 empty={<Empty icon="gift" title={w.noCards}>{w.noCardsAbout}</Empty>}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 columns={[
                   { name: w.code, cell: (one) => <code className="font-mono">{one.hash}</code> },
                   { name: c.state, cell: (one) => <Badge tone={giftcardTones[stateOf(one)]}>{w.states[stateOf(one)]}</Badge> },
                   { name: w.balance, number: true, cell: (one) => f.money(one.amount_in_cents, known.currency) },
                   { name: w.belongsTo, cell: (one) => <span className="break-all">{one.contact?.email ?? "–"}</span> },
                   { name: w.goodUntil, minor: true, cell: (one) => <Day at={one.expiration_date} none={w.forEver} /> },
                 ]} />
        )}
      </Answer>
      {card !== undefined && <CardDialog hash={String(card)} onClose={() => show()} />}
    </Card>
  );
}

function CardDialog({ hash, onClose }: { hash: string; onClose: () => void }) {
  const w = useWords(giftcardWords);
  const card = useRead("find_giftcard", { hash });
  return (
    <Dialog title={w.giftcard} wide onClose={onClose}>
      <Answer of={card}>{(one) => <GiftcardDetails card={one} />}</Answer>
    </Dialog>
  );
}
