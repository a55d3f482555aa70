// One batch: how its vouchers stand, its codes as a list, a file and a sheet, and its end.

import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";

import type { OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Answer, Card } from "~/ui/page";
import { Day } from "~/ui/show";
import { Facts } from "~/ui/table";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { voucherWords } from "~/words/voucher";
import { BatchProgress } from "./batch";
import { LoyaltyPage } from "./frame";
import { PrintSheet } from "./print_sheet";
import { VoucherList } from "./voucher_list";

export default function BatchPage() {
  const w = useWords(voucherWords);
  const f = useFormats();
  const { promotion = "", batch = "" } = useParams({ strict: false }) as { promotion?: string; batch?: string };
  const { sheet } = useSearch({ strict: false }) as { sheet?: boolean };
  const read = useRead("get_voucher_batch", { uuid: batch });
  if (!read.data) {
    return (
      <LoyaltyPage title={w.batch} back={{ to: `/loyalty/vouchers/${promotion}`, label: w.promotion }}>
        <Card><Answer of={read}>{() => null}</Answer></Card>
      </LoyaltyPage>
    );
  }
  const title = w.batchOf(read.data.promotion, f.day(read.data.created_at));
  if (sheet) return <PrintSheet title={title} filter={{ batch_uuid: batch }} back={{ to: addressOf(read.data), label: w.batch }} />;
  return <Shown batch={read.data} title={title} />;
}

const addressOf = (batch: { uuid: string; promotion_uuid: string }) => `/loyalty/vouchers/${batch.promotion_uuid}/batches/${batch.uuid}`;

function Shown({ batch, title }: { batch: OutputOf<"get_voucher_batch">; title: string }) {
  const w = useWords(voucherWords);
  const f = useFormats();
  const navigate = useNavigate();
  const count = (counted: number) => f.number(counted);
  return (
    <LoyaltyPage title={title} back={{ to: `/loyalty/vouchers/${batch.promotion_uuid}`, label: batch.promotion }}
                 actions={batch.status === "COMPLETED" && (
                   <Button icon="form" onClick={() => void navigate({ to: addressOf(batch), search: { sheet: true } as never })}>{w.printSheet}</Button>
                 )}>
      <div className="flex flex-col gap-5">
        <BatchProgress uuid={batch.uuid} />
        <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,3fr)]">
          <Card title={w.standing}>
            <Facts of={[
              [w.counts.open, count(batch.open)],
              [w.counts.redeemed, count(batch.redeemed)],
              [w.counts.expired, count(batch.expired)],
              [w.counts.deactivated, count(batch.deactivated)],
              [w.belongsTo, batch.contact
                ? <Link to={`/contacts/${batch.contact.uuid}`} className="break-all text-pink hover:underline">{batch.contact.email}</Link> : w.whoeverHasIt],
              [w.goodFrom, <Day key="from" at={batch.activation_date} none={w.atOnce} />],
              [w.goodUntil, <Day key="until" at={batch.expiration_date} none={w.forEver} />],
            ]} />
          </Card>
          <VoucherList name={title} filter={{ batch_uuid: batch.uuid }} />
        </div>
      </div>
    </LoyaltyPage>
  );
}
