// Gift cards to cut out: their codes as pictures that a till reads, on the paper of a printer.

import type { OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Answer, Card, Empty, Notice } from "~/ui/page";
import { QrCode } from "~/ui/qr";
import { useFormats } from "~/words/format";
import { giftcardWords } from "~/words/giftcard";
import { useWords } from "~/words/words";
import { LoyaltyPage } from "./frame";
import { stateOf } from "./giftcard";

const most = 500; // That the server gives at once.

export function GiftcardSheet({ known }: { known: OutputOf<"get_giftcard_program"> }) {
  const w = useWords(giftcardWords);
  const f = useFormats();
  const program = known.giftcard_program;
  const list = useRead("search_giftcards", { giftcard_program_uuid: program.uuid, limit: most, page: 1 });
  const cards = (list.data?.giftcards ?? []).filter((one) => stateOf(one) === "good");
  const total = list.data?.page.total ?? 0;
  return (
    <LoyaltyPage title={program.name} about={w.sheetAbout} back={{ to: `/loyalty/giftcards/${program.uuid}`, label: w.program }}
                 actions={<div className="print:hidden"><Button look="primary" icon="form" disabled={cards.length === 0} onClick={() => window.print()}>{w.print}</Button></div>}>
      {list.data === undefined && <Card><Answer of={list}>{() => null}</Answer></Card>}
      {list.data && cards.length === 0 && <Card><Empty icon="gift" title={w.sheetNone}>{w.sheetNoneAbout}</Empty></Card>}
      {total > most && <div className="mb-4 print:hidden"><Notice tone="warn">{w.sheetMost(f.number(most), f.number(total))}</Notice></div>}
      <ul className="grid grid-cols-1 gap-3 min-[420px]:grid-cols-2 lg:grid-cols-3 xl:grid-cols-4 print:grid-cols-3 print:gap-0" aria-label={w.cards}>
        {cards.map((one) => (
          <li key={one.uuid} className="flex break-inside-avoid items-center gap-3 rounded-xl border border-line bg-paper p-3 print:rounded-none print:border-dashed print:border-black print:bg-white print:text-black">
            <QrCode text={one.hash} className="size-20 shrink-0" />
            <div className="min-w-0">
              <p className="font-semibold">{program.name}</p>
              <p className="text-lg font-semibold tabular-nums">{f.money(one.amount_in_cents, known.currency)}</p>
              <p className="font-mono text-sm font-medium">{one.hash}</p>
              {one.expiration_date && <p className="text-xs text-soft print:text-black">{w.until(f.day(one.expiration_date))}</p>}
            </div>
          </li>
        ))}
      </ul>
    </LoyaltyPage>
  );
}
