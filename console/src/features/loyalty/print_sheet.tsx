// Vouchers to cut out: their codes as pictures that a till reads, on the paper of a printer.

import { useEffect, useState } from "react";

import type { InputOf } from "~/api/client";
import { Button } from "~/ui/button";
import { Card, Empty, Failed, Loading, Notice } from "~/ui/page";
import { QrCode } from "~/ui/qr";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { voucherWords } from "~/words/voucher";
import { LoyaltyPage } from "./frame";
import type { Voucher } from "./voucher";
import { allVouchers, VoucherCsv } from "./voucher_csv";

const most = 1_000;

/** The active vouchers of a promotion or a batch. */
export function PrintSheet({ title, filter: of, back }: { title: string; filter: InputOf<"list_vouchers">; back: { to: string; label: string } }) {
  const w = useWords(voucherWords);
  const f = useFormats();
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<{ vouchers: Voucher[]; total: number } | { error: unknown } | null>(null);
  const { promotion_uuid, batch_uuid } = of;
  const filter = { ...of, status: "ACTIVE" as const };
  useEffect(() => {
    const controller = new AbortController();
    let total = 0;
    allVouchers({ promotion_uuid: promotion_uuid ?? null, batch_uuid: batch_uuid ?? null, status: "ACTIVE" }, most, controller.signal, (_, all) => { total = all; })
      .then((vouchers) => setAnswer({ vouchers, total }), (error: unknown) => { if (!controller.signal.aborted) setAnswer({ error }); });
    return () => controller.abort();
  }, [promotion_uuid, batch_uuid, attempt]);
  const retry = () => {
    setAnswer(null);
    setAttempt(attempt + 1);
  };
  const vouchers = answer && "vouchers" in answer ? answer.vouchers : [];
  return (
    <LoyaltyPage title={title} about={w.sheetAbout} back={back}
                 actions={(
                   <div className="flex flex-wrap gap-2 print:hidden">
                     <VoucherCsv small={false} name={title} filter={filter} />
                     <Button look="primary" icon="form" disabled={vouchers.length === 0} onClick={() => window.print()}>{w.print}</Button>
                   </div>
                 )}>
      {answer === null && <Card><Loading /></Card>}
      {answer && "error" in answer && <Card><Failed error={answer.error} retry={retry} /></Card>}
      {answer && "vouchers" in answer && vouchers.length === 0 && <Card><Empty icon="ticket" title={w.noneActive}>{w.noVouchersAbout}</Empty></Card>}
      {answer && "vouchers" in answer && answer.total > most && <div className="mb-4 print:hidden"><Notice tone="warn">{w.sheetMost(f.number(most), f.number(answer.total))}</Notice></div>}
      <ul className="grid grid-cols-1 gap-3 min-[420px]:grid-cols-2 lg:grid-cols-3 xl:grid-cols-4 print:grid-cols-3 print:gap-0" aria-label={w.vouchers}>
        {vouchers.map((one) => (
          <li key={one.uuid} className="flex break-inside-avoid items-center gap-3 rounded-xl border border-line bg-paper p-3 print:rounded-none print:border-dashed print:border-black print:bg-white print:text-black">
            <QrCode text={one.code} className="size-20 shrink-0" />
            <div className="min-w-0">
              <p className="font-semibold">{one.name}</p>
              <p className="text-sm text-soft print:text-black">{one.description}</p>
              <p className="mt-1 font-mono text-sm font-medium">{one.code}</p>
              {one.expiration_date && <p className="text-xs text-soft print:text-black">{w.until(f.day(one.expiration_date))}</p>}
            </div>
          </li>
        ))}
      </ul>
    </LoyaltyPage>
  );
}
