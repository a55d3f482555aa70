import { usePages } from "~/api/hooks";
import { giftcardTones, stateOf } from "~/features/loyalty/giftcard";
import { Answer, Badge, Card, Empty } from "~/ui/page";
import { Day } from "~/ui/show";
import { Table } from "~/ui/table";
import { common } from "~/words/common";
import { giftcardWords } from "~/words/giftcard";
import { useWords } from "~/words/words";
import type { Contact } from "./contact";
import { useMoney } from "./money";

export function Giftcards({ contact }: { contact: Contact }) {
  const w = useWords(giftcardWords);
  const c = useWords(common);
  const money = useMoney();
  const list = usePages("search_giftcards", { contact_uuid: contact.uuid, limit: 30, page: 1 }, {
    rows: (page) => page.giftcards,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  return (
    <Card flush title={w.giftcards}>
      <Answer of={list}>
        {() => (
          <Table label={w.giftcards} rows={list.rows} keyOf={(one) => one.uuid} to={(one) => `/loyalty/giftcards/${one.giftcard_program.uuid}?card=${encodeURIComponent(one.hash)}`}
                 empty={<Empty icon="gift" title={w.noCards}>{w.contactNone}</Empty>}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 columns={[
                   { name: w.code, cell: (one) => <code className="font-mono">{one.hash}</code> },
                   { name: w.program, cell: (one) => one.giftcard_program.name },
                   { name: c.state, cell: (one) => <Badge tone={giftcardTones[stateOf(one)]}>{w.states[stateOf(one)]}</Badge> },
                   { name: w.balance, number: true, cell: (one) => money(one.amount_in_cents, one.display_amount) },
                   { name: w.goodUntil, minor: true, cell: (one) => <Day at={one.expiration_date} none={w.forEver} /> },
                 ]} />
        )}
      </Answer>
    </Card>
  );
}
