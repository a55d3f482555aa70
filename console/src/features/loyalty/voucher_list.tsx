// Vouchers by state, any of them to be opened, and all of them as a file.

import { useSearch } from "@tanstack/react-router";
import { useState } from "react";

import type { InputOf } from "~/api/client";
import { usePages, useRead } from "~/api/hooks";
import { Dialog } from "~/ui/dialog";
import { Filter } from "~/ui/field";
import { Answer, Badge, Card, Empty } from "~/ui/page";
import { Day } from "~/ui/show";
import { Table } from "~/ui/table";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { voucherWords } from "~/words/voucher";
import { voucherStates, voucherTones, type Voucher, type VoucherState } from "./voucher";
import { VoucherCard } from "./voucher_card";
import { VoucherCsv } from "./voucher_csv";

/** Of a promotion or a batch; its CSV has the given name. */
export function VoucherList({ name, filter: of }: { name: string; filter: InputOf<"list_vouchers"> }) {
  const w = useWords(voucherWords);
  const c = useWords(common);
  const f = useFormats();
  const [state, setState] = useState<VoucherState | "">("");
  const { code } = useSearch({ strict: false }) as { code?: unknown };
  const [shown, setShown] = useState<string | null>(code === undefined ? null : String(code));
  const filter = { ...of, ...(state ? { status: state } : {}) };
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
              <VoucherCsv name={name} filter={filter} />
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
