// One promotion: its limits, its vouchers by state, batches, and the sheet to print.

import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { usePages, useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Dialog } from "~/ui/dialog";
import { Filter } from "~/ui/field";
import { Answer, Badge, Card, Empty } from "~/ui/page";
import { Day } from "~/ui/show";
import { Facts, Table } from "~/ui/table";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { voucherWords } from "~/words/voucher";
import { BatchProgress, NewBatch } from "./batch";
import { LoyaltyPage } from "./frame";
import { NewVoucher } from "./new_voucher";
import { PrintSheet } from "./print_sheet";
import { voucherStates, voucherTones, type Voucher, type VoucherState } from "./voucher";
import { VoucherCard } from "./voucher_card";
import { VoucherCsv } from "./voucher_csv";

type Promotion = OutputOf<"get_promotion">;

export default function PromotionPage() {
  const w = useWords(voucherWords);
  const { promotion = "" } = useParams({ strict: false }) as { promotion?: string };
  const read = useRead("get_promotion", { promotion_uuid: promotion });
  const { sheet } = useSearch({ strict: false }) as { sheet?: boolean };
  if (read.data) return sheet ? <PrintSheet promotion={read.data} /> : <Shown promotion={read.data} />;
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
          <Vouchers promotion={promotion} />
        </div>
      </div>
      {open === "batch" && <NewBatch promotion={promotion} onMade={(uuid) => { setOpen(null); to({ batch: uuid }); }} onClose={() => setOpen(null)} />}
      {open === "one" && <NewVoucher promotion={promotion.uuid} onClose={() => setOpen(null)} />}
    </LoyaltyPage>
  );
}

function Vouchers({ promotion }: { promotion: Promotion }) {
  const w = useWords(voucherWords);
  const c = useWords(common);
  const f = useFormats();
  const [state, setState] = useState<VoucherState | "">("");
  const { code } = useSearch({ strict: false }) as { code?: unknown };
  const [shown, setShown] = useState<string | null>(code === undefined ? null : String(code));
  const filter = { promotion_uuid: promotion.uuid, ...(state ? { status: state } : {}) };
  const list = usePages("list_vouchers", { ...filter, limit: 50, page: 1 }, {
    rows: (page) => page.vouchers,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  const total = list.data?.pages[0]?.page.total;
  return (
    <Card flush title={total === undefined ? w.vouchers : w.count(f.number(total), total)}
          actions={(
            <>
              <Filter label={c.state} value={state} onChange={(event) => setState(event.target.value as VoucherState | "")}>
                <option value="">{c.allStates}</option>
                {voucherStates.map((one) => <option key={one} value={one}>{w.states[one]}</option>)}
              </Filter>
              <VoucherCsv name={promotion.name} filter={filter} />
            </>
          )}>
      <Answer of={list}>
        {() => (
          <Table label={w.vouchers} rows={list.rows} keyOf={(one: Voucher) => one.uuid} onOpen={(one) => setShown(one.code)}
                 empty={<Empty icon="ticket" title={w.noVouchers}>{w.noVouchersAbout}</Empty>}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 columns={[
                   { name: w.code, cell: (one) => <code className="font-mono">{one.code}</code> },
                   { name: c.state, cell: (one) => <Badge tone={voucherTones[one.status]}>{w.states[one.status]}</Badge> },
                   { name: w.belongsTo, cell: (one) => one.contact?.email ?? "–" },
                   { name: w.redeemedTimes, number: true, cell: (one) => w.ofTimes(String(one.times_redeemed), String(one.total_redemptions_allowed)) },
                   { name: w.goodUntil, minor: true, cell: (one) => <Day at={one.expiration_date} none={w.forEver} /> },
                 ]} />
        )}
      </Answer>
      {shown !== null && <VoucherDialog code={shown} onClose={() => setShown(null)} />}
    </Card>
  );
}

function VoucherDialog({ code, onClose }: { code: string; onClose: () => void }) {
  const w = useWords(voucherWords);
  const voucher = useRead("find_voucher_by_code", { code });
  return (
    <Dialog title={w.voucher} wide onClose={onClose}>
      <Answer of={voucher}>{(one) => <VoucherCard voucher={one} />}</Answer>
    </Dialog>
  );
}
