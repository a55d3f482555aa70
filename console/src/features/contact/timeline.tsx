// What happened between the shop and a contact, newest first.

import { useEffect, useState, type ReactNode } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, usePages, useRehearsal, useWrite } from "~/api/hooks";
import { TakeBack } from "~/features/loyalty/reward_receptions";
import { Button } from "~/ui/button";
import { join } from "~/ui/class";
import { FormDialog } from "~/ui/dialog";
import { Icon, type IconName } from "~/ui/icon";
import { Answer, Card, Empty, Notice } from "~/ui/page";
import { Effect, Moment } from "~/ui/show";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { contactWords } from "~/words/contact";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import type { Contact } from "./contact";
import { merged } from "./merged";

type Activity = OutputOf<"list_contact_activity">["activities"][number];
type Transaction = OutputOf<"list_contact_loyalty_transactions">["loyalty_transactions"][number];

/** The fields of a transaction that are no attributes of the account's own. */
const known = new Set(["type", "uuid", "credits", "created_at", "channel", "contact", "shop", "contact_identifier", "unit", "unit_value", "title", "reward", "expires_at", "has_been_collected", "digital_reward", "digital_reward_code"]);

export function Timeline({ contact }: { contact: Contact }) {
  const w = useWords(contactWords);
  const c = useWords(common);
  const [reversed, setReversed] = useState<Transaction | null>(null);
  const transactions = usePages("list_contact_loyalty_transactions", { contact_uuid: contact.uuid, limit: 30, page: 1 }, {
    rows: (page) => page.loyalty_transactions,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  const activities = usePages("list_contact_activity", { contact_uuid: contact.uuid, limit: 50 }, {
    rows: (page) => page.activities,
    next: (page, input) => (page.activities.length === input.limit ? { ...input, before: page.activities.at(-1)!.id } : null),
  });
  const all = merged(transactions, activities);
  return (
    <Card flush>
      <Answer<unknown> of={transactions.data ? activities : transactions}>
        {() => all.rows.length === 0
          ? <Empty icon="clock" title={w.timelineEmpty}>{w.timelineEmptyAbout}</Empty>
          : (
            <ol className="divide-y divide-line" aria-label={w.timeline}>
              {all.rows.map((entry) => (entry.of === "one"
                ? <Booked key={entry.row.uuid} one={entry.row} onReverse={() => setReversed(entry.row)} />
                : <Happened key={entry.row.id} one={entry.row} />))}
            </ol>
          )}
      </Answer>
      {all.has && (
        <div className="border-t border-line p-3 text-center">
          <Button look="quiet" busy={all.busy} onClick={all.load}>{c.more}</Button>
        </div>
      )}
      {reversed && (reversed.type === "reward_reception" || reversed.type === "digital_reward_reception"
        ? <TakeBack reception={reversed.uuid} title={reversed.title ?? ""} code={reversed.type === "digital_reward_reception"} onClose={() => setReversed(null)} />
        : <Reverse transaction={reversed} onClose={() => setReversed(null)} />)}
    </Card>
  );
}

function Entry({ icon, good, title, details, side }: { icon: IconName; good: boolean; title: string; details: string; side: ReactNode }) {
  return (
    <li className="flex items-start gap-3 px-4 py-3 sm:gap-4 sm:px-5">
      <span className={join("mt-0.5 grid size-9 shrink-0 place-items-center rounded-full", good ? "bg-good-soft text-good" : "bg-sunk text-soft")}>
        <Icon name={icon} className="size-4.5" />
      </span>
      <div className="min-w-0 grow">
        <p className="font-medium">{title}</p>
        {details && <p className="text-sm text-soft">{details}</p>}
      </div>
      <div className="shrink-0 text-right">{side}</div>
    </li>
  );
}

function Booked({ one, onReverse }: { one: Transaction; onReverse: () => void }) {
  const w = useWords(contactWords);
  const f = useFormats();
  return (
    <Entry icon={one.title ? "gift" : one.credits < 0 ? "undo" : "loyalty"} good={one.credits >= 0} details={[...detailsOf(one, w, f.number), ...(one.digital_reward_code ? [one.digital_reward_code.code] : [])].join(" · ")}
           title={one.title ? w.tookReward(one.title, f.number(-one.credits)) : one.credits < 0 ? w.taken(f.number(-one.credits)) : w.given(f.number(one.credits))}
           side={(
             <>
               <p className="text-sm text-soft"><Moment at={one.created_at} /></p>
               <p className="text-sm tabular-nums">{w.balanceAfter(f.number(one.contact.credit_balance.balance))}</p>
               <button type="button" onClick={onReverse} className="text-sm font-medium text-pink hover:underline">{w.reverse}</button>
             </>
           )} />
  );
}

const icons: Record<Activity["kind"], IconName> = {
  form_submitted: "form", mail_sent: "mail", mail_opened: "mail", mail_clicked: "external", mail_bounced: "warn", mail_complained: "warn",
  unsubscribed: "close", subscribed: "check", voucher_redeemed: "ticket",
};

function Happened({ one }: { one: Activity }) {
  const w = useWords(contactWords);
  return <Entry icon={icons[one.kind]} good={false} title={w.activities[one.kind]} details={one.detail} side={<p className="text-sm text-soft"><Moment at={one.created_at} /></p>} />;
}

function detailsOf(one: Transaction, w: (typeof contactWords)["en"], number: (value: number) => string): string[] {
  const own = Object.entries(one).filter(([name, value]) => !known.has(name) && value !== null && value !== "" && typeof value !== "object");
  return [
    w.at(one.shop.name),
    ...(one.unit_value === null || !one.unit ? [] : [w.unitValue(one.unit.label, `${one.unit.prefix}${number(one.unit_value)}`)]),
    ...(one.contact_identifier ? [w.withCard(one.contact_identifier.name)] : []),
    ...own.map(([name, value]) => `${name}: ${String(value)}`),
    ...(one.channel === "REGISTER_API" ? [w.atTill] : []), ...(one.channel === "REFERRAL" ? [w.byReferral] : []),
  ];
}

function Reverse({ transaction, onClose }: { transaction: Transaction; onClose: () => void }) {
  const w = useWords(contactWords);
  const input = { credit_reception_uuid: transaction.uuid };
  const rehearsal = useRehearsal("reverse_credit_reception");
  const { mutate } = rehearsal;
  useEffect(() => mutate({ credit_reception_uuid: transaction.uuid }), [mutate, transaction.uuid]);
  const reverse = useWrite("reverse_credit_reception", { onDone: () => { tell(w.reversed); onClose(); } });
  return (
    <FormDialog title={w.reverseTitle} action={w.reverse} danger busy={reverse.isPending} disabled={!rehearsal.data} onClose={onClose}
                problems={otherProblems(reverse.error ?? rehearsal.error, [])} onSubmit={() => reverse.mutate(input)}>
      <p>{w.reverseAbout}</p>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
      <Notice tone="warn">{w.reverseOnce}</Notice>
    </FormDialog>
  );
}
