// One gift card: what is on it, what happened with it, and what can be done with it.

import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { usePages, useRead, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Answer, Badge } from "~/ui/page";
import { QrCode } from "~/ui/qr";
import { Moment } from "~/ui/show";
import { Facts, Table } from "~/ui/table";
import { tell, tellProblem } from "~/ui/toast";
import { useFormats } from "~/words/format";
import { giftcardWords } from "~/words/giftcard";
import { useWords } from "~/words/words";
import { giftcardTones, stateOf, type Giftcard } from "./giftcard";
import { MailCard, MoveMoney, ReverseNewest } from "./giftcard_dialogs";

export function GiftcardDetails({ card }: { card: Giftcard }) {
  const w = useWords(giftcardWords);
  const f = useFormats();
  const [open, setOpen] = useState<"topUp" | "pay" | "mail" | null>(null);
  const program = useRead("get_giftcard_program", { giftcard_program_uuid: card.giftcard_program.uuid });
  const update = useWrite("update_giftcard", { onDone: (now) => tell(now.active ? w.isOn : w.isOff) });
  const currency = program.data?.currency ?? "EUR";
  const state = stateOf(card);
  const usable = state === "good" || state === "empty";
  const close = () => setOpen(null);
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-start gap-5">
        <QrCode text={card.hash} className="size-28 rounded-lg border border-line" />
        <div className="min-w-0 grow basis-64">
          <div className="mb-3 flex flex-wrap items-center gap-2">
            <code className="font-mono text-lg font-semibold">{card.hash}</code>
            <Badge tone={giftcardTones[state]}>{w.states[state]}</Badge>
          </div>
          <Facts of={[
            [w.balance, <strong key="amount" className="tabular-nums">{f.money(card.amount_in_cents, currency)}</strong>],
            [w.program, <Link key="to" to={`/loyalty/giftcards/${card.giftcard_program.uuid}`} className="font-medium text-pink hover:underline">{card.giftcard_program.name}</Link>],
            [w.belongsTo, card.contact
              ? <Link key="to" to={`/contacts/${card.contact.uuid}`} className="font-medium break-all text-pink hover:underline">{card.contact.email}</Link> : w.whoever],
            [w.kind, w.kinds[card.type]],
            [w.goodUntil, card.expiration_date ? f.day(card.expiration_date) : w.forEver],
          ]} />
          <div className="mt-4 flex flex-wrap gap-2">
            {state === "good" && <Button small look="primary" onClick={() => setOpen("pay")}>{w.pay}</Button>}
            {usable && card.upgradeable && <Button small onClick={() => setOpen("topUp")}>{w.topUp}</Button>}
            {usable && <Button small icon="mail" onClick={() => setOpen("mail")}>{w.mail}</Button>}
            <Button small look={card.active ? "danger" : "plain"} busy={update.isPending}
                    onClick={() => update.mutate({ uuid: card.uuid, active: !card.active }, { onError: tellProblem })}>
              {card.active ? w.switchOff : w.switchOn}
            </Button>
          </div>
        </div>
      </div>
      <Transactions card={card} currency={currency} usable={usable} />
      {(open === "topUp" || open === "pay") && <MoveMoney card={card} currency={currency} pays={open === "pay"} onClose={close} />}
      {open === "mail" && <MailCard card={card} onClose={close} />}
    </div>
  );
}

function Transactions({ card, currency, usable }: { card: Giftcard; currency: string; usable: boolean }) {
  const w = useWords(giftcardWords);
  const f = useFormats();
  const [reversing, setReversing] = useState<string | null>(null);
  const list = usePages("list_giftcard_transactions", { giftcard_hash: card.hash, sort: "-created_at", limit: 20, page: 1 }, {
    rows: (page) => page.giftcard_transactions,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  const newest = list.rows[0];
  return (
    <section aria-label={w.transactions}>
      <h3 className="mb-2 text-sm font-semibold">{w.transactions}</h3>
      <div className="overflow-hidden rounded-xl border border-line">
        <Answer of={list}>
          {() => (
            <Table label={w.transactions} rows={list.rows} keyOf={(one) => one.uuid} empty={<p className="px-5 py-4 text-sm text-soft">{w.noTransactions}</p>}
                   more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                   actions={(one) => (one.uuid === newest?.uuid && !one.is_reversal && usable
                     ? <Button small look="quiet" icon="undo" onClick={() => setReversing(one.uuid)}>{w.reverse}</Button> : null)}
                   columns={[
                     { name: w.when, cell: (one) => <Moment at={one.created_at} /> },
                     { name: w.shop, cell: (one) => <>{one.shop.name}{one.is_reversal && <> <Badge>{w.reversal}</Badge></>}</> },
                     { name: w.amount, number: true, cell: (one) => f.money(one.amount_in_cents, currency) },
                     { name: w.left, number: true, cell: (one) => f.money(one.balance_after_in_cents, currency) },
                   ]} />
          )}
        </Answer>
      </div>
      {reversing && <ReverseNewest uuid={reversing} onClose={() => setReversing(null)} />}
    </section>
  );
}
