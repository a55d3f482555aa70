// What a contact loses when it is erased; for those who decide and for the contact itself.

import type { Operations } from "~/api/piggy";
import { erasureWords } from "~/words/erasure";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";

type Lost = Operations["preview_erasure"]["output"];

/** `credits`: what the shop calls them, where that is known. */
export function LostList({ of, credits = "" }: { of: Lost; credits?: string }) {
  const w = useWords(erasureWords);
  const f = useFormats();
  const said = (count: number, text: (count: string, one: boolean) => string) => (count > 0 ? [text(f.number(count), count === 1)] : []);
  const lines = [
    ...said(of.balance, (count, one) => w.lostBalance(count, one, credits)), ...said(of.vouchers, w.lostVouchers), ...said(of.rewards, w.lostRewards),
    ...said(of.transactions, w.lostTransactions), w.lostRest,
  ];
  return (
    <ul aria-label={w.lost} className="list-disc space-y-1 rounded-xl bg-sunk py-3 pr-4 pl-9 text-sm">
      {lines.map((line) => <li key={line}>{line}</li>)}
    </ul>
  );
}

/** A day without a time, as a moment that is that day in every zone. */
export const noonOf = (day: string) => `${day}T12:00:00`;
