// What vouchers are given out for, and any voucher by its code.

import { useState } from "react";

import { usePages, useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Answer, Card, Empty } from "~/ui/page";
import { Table } from "~/ui/table";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { voucherWords } from "~/words/voucher";
import { Batches } from "./batches";
import { FindCode, useAskedCode } from "./find_code";
import { LoyaltyPage } from "./frame";
import { NewPromotion } from "./new_promotion";
import { VoucherCard } from "./voucher_card";

export default function Promotions() {
  const w = useWords(voucherWords);
  const c = useWords(common);
  const f = useFormats();
  const [creating, setCreating] = useState(false);
  const list = usePages("list_promotions", { limit: 30, page: 1 }, {
    rows: (page) => page.promotions,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  const limit = (count: number | null) => (count === null ? w.unlimited : f.number(count));
  return (
    <LoyaltyPage title={w.vouchers} about={w.vouchersAbout} actions={<Button look="primary" icon="plus" onClick={() => setCreating(true)}>{w.newPromotion}</Button>}>
      <div className="flex flex-col gap-5">
        <FindVoucher />
        <Card flush title={w.promotions}>
          <Answer of={list}>
            {() => (
              <Table label={w.promotions} rows={list.rows} keyOf={(one) => one.uuid} to={(one) => `/loyalty/vouchers/${one.uuid}`}
                     empty={<Empty icon="ticket" title={w.noPromotions}>{w.noPromotionsAbout}</Empty>}
                     more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                     columns={[
                       { name: c.name, cell: (one) => <>{one.name}<span className="block text-sm font-normal text-soft">{one.description}</span></> },
                       { name: w.inAll, number: true, cell: (one) => limit(one.voucher_limit) },
                       { name: w.perContact, number: true, cell: (one) => limit(one.limit_per_contact) },
                       { name: w.uses, number: true, cell: (one) => f.number(one.redemptions_per_voucher) },
                       { name: w.goodFor, minor: true, cell: (one) => w.days(one.expiration_duration) },
                     ]} />
            )}
          </Answer>
        </Card>
        <Batches />
      </div>
      {creating && <NewPromotion onClose={() => setCreating(false)} />}
    </LoyaltyPage>
  );
}

function FindVoucher() {
  const w = useWords(voucherWords);
  const asked = useAskedCode();
  const voucher = useRead("find_voucher_by_code", { code: asked }, { enabled: asked !== "" });
  return (
    <FindCode page="/loyalty/vouchers" asked={asked} words={w} busy={voucher.isFetching}>
      <Answer of={voucher}>{(one) => <VoucherCard key={one.uuid} voucher={one} />}</Answer>
    </FindCode>
  );
}
