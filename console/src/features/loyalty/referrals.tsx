// What contacts get who bring a friend, and who brought whom.

import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { usePages, useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Filter } from "~/ui/field";
import { Answer, Badge, Card, Empty, Notice } from "~/ui/page";
import { Day } from "~/ui/show";
import { Facts, Table } from "~/ui/table";
import { referralWords } from "~/words/referral";
import { useWords } from "~/words/words";
import { LoyaltyPage } from "./frame";
import { referralTones, useRulesInWords, type ReferralProgram, type ReferralState } from "./referral";
import { ReferralSettings } from "./referral_settings";

export default function Referrals() {
  const w = useWords(referralWords);
  const program = useRead("get_referral_program", {});
  return (
    <LoyaltyPage title={w.referrals} about={w.referralsAbout}>
      <div className="flex flex-col gap-5">
        {program.data ? <Program program={program.data} /> : <Card title={w.howItWorks}><Answer of={program}>{() => null}</Answer></Card>}
        <List needed={program.data?.completion_event === "loyalty_transaction" ? program.data.number_of_transactions : 1} />
      </div>
    </LoyaltyPage>
  );
}

function Program({ program }: { program: ReferralProgram }) {
  const w = useWords(referralWords);
  const inWords = useRulesInWords();
  const [editing, setEditing] = useState(false);
  return (
    <Card title={<span className="flex flex-wrap items-center gap-2">{w.howItWorks}{program.active ? <Badge tone="good">{w.on}</Badge> : <Badge>{w.off}</Badge>}</span>}
          actions={program.active
            ? <Button small icon="edit" onClick={() => setEditing(true)}>{w.change}</Button>
            : <Button small look="primary" onClick={() => setEditing(true)}>{w.switchOn}</Button>}>
      {program.active ? (
        <div className="flex flex-col gap-4">
          <p className="max-w-prose text-lg text-pretty">{inWords(program)}</p>
          <Facts of={[
            [w.link, program.form ? <Link key="form" to={`/loyalty/forms/${program.form.uuid}`} className="text-pink hover:underline">{program.form.name}</Link> : w.noForm],
            ...(program.shop ? [[w.shop, program.shop.name] as [string, string]] : []),
          ]} />
          {!program.form && <Notice tone="warn">{w.noFormAbout}</Notice>}
          {program.form && !program.form_is_open && <Notice tone="warn">{w.closedForm}</Notice>}
        </div>
      ) : <p className="text-soft">{w.offAbout}</p>}
      {editing && <ReferralSettings program={program} onClose={() => setEditing(false)} />}
    </Card>
  );
}

const states: ReferralState[] = ["pending", "completed", "failed"];

function List({ needed }: { needed: number }) {
  const w = useWords(referralWords);
  const navigate = useNavigate();
  const { state } = useSearch({ strict: false }) as { state?: string };
  const status = states.find((one) => one === state);
  const list = usePages("search_referrals", { ...(status ? { status } : {}), limit: 50, page: 1 }, {
    rows: (page) => page.referrals,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  return (
    <Card flush title={w.list} actions={(
      <Filter label={w.state} value={status ?? ""} onChange={(event) => void navigate({ to: "/loyalty/referrals", search: (event.target.value ? { state: event.target.value } : {}) as never, replace: true })}>
        <option value="">{w.all}</option>
        {states.map((one) => <option key={one} value={one}>{w.states[one]}</option>)}
      </Filter>
    )}>
      <Answer of={list}>
        {() => (
          <Table label={w.list} rows={list.rows} keyOf={(one) => one.uuid} to={(one) => `/contacts/${one.referred_contact.uuid}`}
                 empty={<Empty icon="contacts" title={status ? w.noneOfState : w.none}>{status ? undefined : w.noneAbout}</Empty>}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 columns={[
                   { name: w.brought, cell: (one) => <span className="break-all">{one.referred_contact.email}</span> },
                   { name: w.by, cell: (one) => <Link to={`/contacts/${one.referring_contact.uuid}`} className="relative z-10 break-all text-pink hover:underline">{one.referring_contact.email}</Link> },
                   { name: w.state, cell: (one) => (
                     <span className="inline-flex flex-wrap items-center gap-2">
                       <Badge tone={referralTones[one.status]}>{w.states[one.status]}</Badge>
                       {one.status === "pending" && needed > 1 && <span className="text-sm text-soft tabular-nums">{w.progress(one.transactions, needed)}</span>}
                     </span>
                   ) },
                   { name: w.since, cell: (one) => <Day at={one.created_at} /> },
                   { name: w.ended, minor: true, cell: (one) => <Day at={one.ended_at} /> },
                 ]} />
        )}
      </Answer>
    </Card>
  );
}
