// The batches of vouchers that were made, of one promotion or of all.

import type { OutputOf } from "~/api/client";
import { usePages } from "~/api/hooks";
import { Answer, Badge, Card, Empty } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { voucherWords } from "~/words/voucher";
import { batchTones } from "./batch";

type Batch = OutputOf<"list_voucher_batches">["batches"][number];

export function Batches({ promotion }: { promotion?: string }) {
  const w = useWords(voucherWords);
  const c = useWords(common);
  const f = useFormats();
  const list = usePages("list_voucher_batches", { ...(promotion ? { promotion_uuid: promotion } : {}), limit: 30, page: 1 }, {
    rows: (page) => page.batches,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  return (
    <Card flush title={w.batches} about={w.batchesAbout}>
      <Answer of={list}>
        {() => (
          <Table label={w.batches} rows={list.rows} keyOf={(one) => one.uuid} to={(one) => `/loyalty/vouchers/${one.promotion_uuid}/batches/${one.uuid}`}
                 empty={<Empty icon="ticket" title={w.noBatches}>{w.noBatchesAbout}</Empty>}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 columns={[
                   { name: w.batchMade, cell: (one) => <Moment at={one.created_at} /> },
                   ...(promotion ? [] : [{ name: w.promotion, cell: (one: Batch) => one.promotion }]),
                   { name: c.state, cell: (one) => <Badge tone={batchTones[one.status]}>{w.batchStates[one.status]}</Badge> },
                   { name: w.vouchers, number: true, cell: (one) => f.number(one.quantity) },
                   { name: w.counts.open, number: true, cell: (one) => f.number(one.open) },
                   { name: w.counts.redeemed, number: true, cell: (one) => f.number(one.redeemed) },
                   { name: w.counts.over, number: true, minor: true, cell: (one) => f.number(one.expired + one.deactivated) },
                   { name: w.belongsTo, minor: true, cell: (one) => one.contact?.email ?? w.whoeverHasIt },
                 ]} />
        )}
      </Answer>
    </Card>
  );
}
