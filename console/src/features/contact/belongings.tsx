// What a contact has: vouchers and bookings.

import { usePages, useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Answer, Badge, Card, Empty, type Tone } from "~/ui/page";
import { Day } from "~/ui/show";
import { Table } from "~/ui/table";
import { common } from "~/words/common";
import { contactWords } from "~/words/contact";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import type { OutputOf } from "~/api/client";
import type { Contact } from "./contact";

type Voucher = OutputOf<"list_vouchers">["vouchers"][number];

const tones: Record<Voucher["status"], Tone> = {
  ACTIVE: "good", REDEEMED: "info", EXPIRED: "plain", DEACTIVATED: "bad", INACTIVE: "plain", LOCKED: "warn",
};

export function Vouchers({ contact, onGive }: { contact: Contact; onGive: () => void }) {
  const w = useWords(contactWords);
  const c = useWords(common);
  const list = usePages("list_vouchers", { contact_uuid: contact.uuid, limit: 30, page: 1 }, {
    rows: (page) => page.vouchers,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  return (
    <Card flush title={w.vouchers} actions={<Button small icon="plus" onClick={onGive}>{w.giveVouchers}</Button>}>
      <Answer of={list}>
        {() => (
          <Table label={w.vouchers} rows={list.rows} keyOf={(one) => one.uuid} to={(one) => `/loyalty/vouchers/${one.promotion.uuid}?code=${encodeURIComponent(one.code)}`}
                 empty={<Empty icon="ticket" title={w.noVouchers}>{w.noVouchersAbout}</Empty>}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 columns={[
                   { name: w.code, cell: (one) => <code className="font-mono">{one.code}</code> },
                   { name: w.promotion, cell: (one) => one.name },
                   { name: c.state, cell: (one) => <Badge tone={tones[one.status]}>{w.voucherStates[one.status]}</Badge> },
                   { name: w.redeemed, number: true, cell: (one) => w.ofTimes(String(one.times_redeemed), String(one.total_redemptions_allowed)) },
                   { name: w.goodUntil, minor: true, cell: (one) => <Day at={one.expiration_date} none={w.forEver} /> },
                 ]} />
        )}
      </Answer>
    </Card>
  );
}

export function Bookings({ contact }: { contact: Contact }) {
  const w = useWords(contactWords);
  const c = useWords(common);
  const f = useFormats();
  const shops = useRead("list_shops", {});
  const list = usePages("list_bookings", { contact_uuid: contact.uuid, limit: 30, page: 1 }, {
    rows: (page) => page.bookings,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  const shopOf = (uuid: string) => shops.data?.shops.find((one) => one.uuid === uuid)?.name ?? "–";
  return (
    <Card flush title={w.bookings}>
      <Answer of={list}>
        {() => (
          <Table label={w.bookings} rows={list.rows} keyOf={(one) => one.uuid}
                 empty={<Empty icon="calendar" title={w.noBookings}>{w.noBookingsAbout}</Empty>}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 columns={[
                   { name: w.when, cell: (one) => (one.starts_at ? f.moment(one.starts_at) : "–") },
                   { name: w.shop, cell: (one) => shopOf(one.shop_uuid) },
                   { name: w.people, number: true, cell: (one) => one.number_of_people ?? "–" },
                   { name: w.company, minor: true, cell: (one) => one.company_name ?? "–" },
                   { name: c.state, cell: (one) => (one.status ? <Badge>{one.status}</Badge> : "–") },
                 ]} />
        )}
      </Answer>
    </Card>
  );
}
