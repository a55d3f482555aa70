// One promotion: its limits, its vouchers by state, batches, and the sheet to print.

import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Answer, Card } from "~/ui/page";
import { Facts } from "~/ui/table";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { voucherWords } from "~/words/voucher";
import { BatchProgress, NewBatch } from "./batch";
import { Batches } from "./batches";
import { LoyaltyPage } from "./frame";
import { NewVoucher } from "./new_voucher";
import { PrintSheet } from "./print_sheet";
import { VoucherList } from "./voucher_list";

type Promotion = OutputOf<"get_promotion">;

export default function PromotionPage() {
  const w = useWords(voucherWords);
  const { promotion = "" } = useParams({ strict: false }) as { promotion?: string };
  const read = useRead("get_promotion", { promotion_uuid: promotion });
  const { sheet } = useSearch({ strict: false }) as { sheet?: boolean };
  if (read.data) return sheet ? <PrintSheet title={read.data.name} filter={{ promotion_uuid: promotion }} back={{ to: `/loyalty/vouchers/${promotion}`, label: w.promotion }} /> : <Shown promotion={read.data} />;
  return (
    <LoyaltyPage title={w.promotion} back={{ to: "/loyalty/vouchers", label: w.vouchers }}>
      <Card><Answer of={read}>{() => null}</Answer></Card>
    </LoyaltyPage>
  );
}

function Shown({ promotion }: { promotion: Promotion }) {
  const w = useWords(voucherWords);
  const f = useFormats();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"batch" | "one" | null>(null);
  const { batch } = useSearch({ strict: false }) as { batch?: string };
  const limit = (count: number | null) => (count === null ? w.unlimited : f.number(count));
  const to = (search: object) => void navigate({ to: `/loyalty/vouchers/${promotion.uuid}`, search: search as never });
  return (
    <LoyaltyPage title={promotion.name} about={promotion.description} back={{ to: "/loyalty/vouchers", label: w.vouchers }}
                 actions={(
                   <>
                     <Button icon="form" onClick={() => to({ sheet: true })}>{w.printSheet}</Button>
                     <Button icon="plus" onClick={() => setOpen("one")}>{w.newVoucher}</Button>
                     <Button look="primary" icon="ticket" onClick={() => setOpen("batch")}>{w.newBatch}</Button>
                   </>
                 )}>
      <div className="flex flex-col gap-5">
        {batch && <BatchProgress uuid={batch} />}
        <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,3fr)]">
          <Card title={w.limits}>
            <Facts of={[
              [w.inAll, limit(promotion.voucher_limit)],
              [w.perContact, limit(promotion.limit_per_contact)],
              [w.uses, f.number(promotion.redemptions_per_voucher)],
              [w.goodFor, w.days(promotion.expiration_duration)],
            ]} />
          </Card>
          <VoucherList name={promotion.name} filter={{ promotion_uuid: promotion.uuid }} />
        </div>
        <Batches promotion={promotion.uuid} />
      </div>
      {open === "batch" && <NewBatch promotion={promotion} onMade={(uuid) => { setOpen(null); to({ batch: uuid }); }} onClose={() => setOpen(null)} />}
      {open === "one" && <NewVoucher promotion={promotion.uuid} onClose={() => setOpen(null)} />}
    </LoyaltyPage>
  );
}
