// What a customer sees when signed in.

import { useState } from "react";

import type { Operations } from "~/api/piggy";
import { Button } from "~/ui/button";
import { Dialog } from "~/ui/dialog";
import { CheckField } from "~/ui/field";
import { Icon } from "~/ui/icon";
import { Answer, Badge, Card } from "~/ui/page";
import { QrCode } from "~/ui/qr";
import { tellProblem } from "~/ui/toast";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { portal } from "~/words/portal";
import { useWords } from "~/words/words";
import { useConsent, useOwn, useOwnPages } from "./client";
import { Friends } from "./friends";

type LoyaltyCard = Operations["get_loyalty_card"]["output"];
type Voucher = Operations["list_vouchers"]["output"]["vouchers"][number];

export function Member({ card }: { card: LoyaltyCard }) {
  return (
    <div className="flex flex-col gap-4">
      <Standing card={card} />
      <div className="grid items-start gap-4 md:grid-cols-2">
        {/* Under each other where it is narrow, what one receives comes last. */}
        <div className="flex flex-col gap-4 max-md:contents"><Vouchers /><Friends /><div className="empty:hidden max-md:order-last"><Consents /></div></div>
        <div className="flex flex-col gap-4 max-md:contents"><Rewards card={card} /><History card={card} /></div>
      </div>
    </div>
  );
}

function Standing({ card }: { card: LoyaltyCard }) {
  const w = useWords(portal);
  const f = useFormats();
  const name = w.credits(card.credit_name);
  return (
    <section className="rounded-2xl bg-pink p-6 text-on-pink">
      <h1 className="text-xl font-semibold">{w.hello(card.firstname)}</h1>
      <p className="text-sm">{w.memberSince(f.day(card.member_since))}</p>
      <div className="mt-5 flex flex-wrap items-end justify-between gap-6">
        <div>
          <p className="text-sm">{w.balance}</p>
          <p className="text-4xl font-semibold tabular-nums">{f.number(card.balance)} <span className="text-lg font-normal">{name}</span></p>
        </div>
        <div className="min-w-56 grow sm:max-w-xs">
          <p className="text-sm">{w.tier}</p>
          <p className="text-lg font-semibold">{card.tier ?? w.noTier}</p>
          <div role="progressbar" aria-label={w.tier} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(card.progress * 100)}
               className="mt-2 h-2 overflow-hidden rounded-full bg-black/25">
            <div className="h-full rounded-full bg-white" style={{ width: `${card.progress * 100}%` }} />
          </div>
          <p className="mt-1 text-sm">
            {card.next_tier ? w.toNext(`${f.number(card.credits_to_next_tier ?? 0)} ${name}`, card.next_tier) : card.tier ? w.highest : ""}
          </p>
        </div>
      </div>
    </section>
  );
}

function Vouchers() {
  const w = useWords(portal);
  const f = useFormats();
  const vouchers = useOwnPages("list_vouchers", 100, (page) => page.vouchers);
  const [open, setOpen] = useState<Voucher>();
  return (
    <Card title={w.vouchers}>
      <Answer of={vouchers}>
        {() => {
          const usable = vouchers.rows.filter((one) => one.status === "ACTIVE");
          const past = vouchers.rows.length - usable.length;
          return (
            <>
              {usable.length === 0 && <p className="text-soft">{w.noVouchers}</p>}
              <ul className="flex flex-col gap-2">
                {usable.map((one) => (
                  <li key={one.uuid}>
                    <button type="button" onClick={() => setOpen(one)} aria-label={`${w.showCode}: ${one.name}`}
                            className="flex w-full items-center gap-3 rounded-xl border border-dashed border-edge p-3 text-left hover:bg-sunk">
                      <Icon name="ticket" className="size-6 text-pink" />
                      <span className="min-w-0 grow">
                        <span className="block font-medium">{one.name}</span>
                        <span className="block text-sm text-soft">{one.description}</span>
                      </span>
                      {one.expiration_date && <span className="text-sm text-soft">{w.validUntil(f.day(one.expiration_date))}</span>}
                      <Icon name="right" className="size-5 text-soft" />
                    </button>
                  </li>
                ))}
              </ul>
              <More of={vouchers} />
              {past > 0 && <p className="mt-3 text-sm text-soft">{w.usedVouchers}: {f.number(past)}</p>}
            </>
          );
        }}
      </Answer>
      {open && (
        <Dialog title={open.name} onClose={() => setOpen(undefined)}>
          <div className="flex flex-col items-center gap-3 text-center">
            <QrCode text={open.code} className="size-56 rounded-xl" />
            <p className="font-mono text-lg">{open.code}</p>
            <p className="text-soft">{open.description}</p>
          </div>
        </Dialog>
      )}
    </Card>
  );
}

function Rewards({ card }: { card: LoyaltyCard }) {
  const w = useWords(portal);
  const f = useFormats();
  const rewards = useOwn("list_rewards");
  const name = w.credits(card.credit_name);
  return (
    <Card title={w.rewards}>
      <Answer of={rewards}>
        {({ rewards: all }) => (all.length === 0 ? <p className="text-soft">{w.noRewards}</p> : (
          <ul className="divide-y divide-line">
            {[...all].sort((a, b) => a.required_credits - b.required_credits).map((one) => (
              <li key={one.uuid} className="flex items-start justify-between gap-3 py-2.5 first:pt-0 last:pb-0">
                <span className="min-w-0">
                  <span className="block font-medium">{one.title}</span>
                  <span className="block text-sm text-soft">{f.number(one.required_credits)} {name}</span>
                </span>
                {one.required_credits <= card.balance
                  ? <Badge tone="good">{w.within}</Badge>
                  : <Badge>{w.missing(f.number(one.required_credits - card.balance))}</Badge>}
              </li>
            ))}
          </ul>
        ))}
      </Answer>
    </Card>
  );
}

function History({ card }: { card: LoyaltyCard }) {
  const w = useWords(portal);
  const f = useFormats();
  const history = useOwnPages("list_contact_loyalty_transactions", 20, (page) => page.loyalty_transactions);
  const all = history.rows;
  return (
    <Card title={w.history}>
      <Answer of={history}>
        {() => (all.length === 0 ? <p className="text-soft">{w.noHistory}</p> : (
          <>
            <ul className="divide-y divide-line">
              {all.map((one, at) => (
                <li key={at} className="flex items-start justify-between gap-3 py-2.5 first:pt-0 last:pb-0">
                  <span className="min-w-0">
                    <span className="block">{one.title ?? (one.credits >= 0 ? w.reception : w.taken)}{one.shop?.name ? ` · ${one.shop.name}` : ""}</span>
                    <span className="block text-sm text-soft">{f.day(one.created_at)}</span>
                    {one.digital_reward_code && (
                      <span className="mt-1 block text-sm">
                        <span className="block text-soft">{w.yourCode}</span>
                        <code className="font-mono font-medium break-all">{one.digital_reward_code.code}</code>
                      </span>
                    )}
                  </span>
                  <span className={one.credits >= 0 ? "shrink-0 font-medium text-good tabular-nums" : "shrink-0 font-medium tabular-nums"}>
                    {one.credits > 0 ? "+" : ""}{f.number(one.credits)} <span className="sr-only">{w.credits(card.credit_name)}</span>
                  </span>
                </li>
              ))}
            </ul>
            <More of={history} />
          </>
        ))}
      </Answer>
    </Card>
  );
}

function More({ of }: { of: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown } }) {
  const w = useWords(common);
  if (!of.hasNextPage) return null;
  return <p className="mt-3 text-center"><Button small look="quiet" busy={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>{w.more}</Button></p>;
}

function Consents() {
  const w = useWords(portal);
  const consents = useOwn("list_contact_subscriptions");
  const change = useConsent();
  // Shown at once, until what the server has is read again.
  const [wanted, setWanted] = useState<{ type: string; subscribed: boolean }>();
  if (consents.data?.subscriptions.length === 0) return null;
  return (
    <Card title={w.messages}>
      <Answer of={consents}>
        {({ subscriptions }) => (
          <div className="flex flex-col gap-3">
            {subscriptions.map((one) => (
              <CheckField key={one.subscription_type.uuid} label={one.subscription_type.name}
                          hint={one.status === "PENDING_CONFIRMATION" ? w.pending : one.subscription_type.description}
                          checked={wanted?.type === one.subscription_type.uuid ? wanted.subscribed : one.is_subscribed}
                          disabled={wanted !== undefined && wanted.type !== one.subscription_type.uuid}
                          onChange={(event) => {
                            const next = { type: one.subscription_type.uuid, subscribed: event.target.checked };
                            setWanted(next);
                            change.mutate(next, { onError: tellProblem, onSettled: () => setWanted(undefined) });
                          }} />
            ))}
          </div>
        )}
      </Answer>
    </Card>
  );
}

export function SignOut({ onPress }: { onPress: () => void }) {
  const w = useWords(portal);
  return <Button small look="quiet" onClick={onPress}>{w.signOut}</Button>;
}
