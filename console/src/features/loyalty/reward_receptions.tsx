// Rewards that were taken: of everybody or of one contact, what waits and what was handed over.

import { Link } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";

import type { InputOf, OutputOf } from "~/api/client";
import { otherProblems, usePages, useRehearsal, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { Answer, Badge, Card, Empty, Notice, type Tone } from "~/ui/page";
import { Effect, Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { tell, tellProblem } from "~/ui/toast";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { rewardWords } from "~/words/reward";
import { useWords } from "~/words/words";

type Reception = OutputOf<"list_reward_receptions">["reward_receptions"][number];
type State = "collected" | "waiting" | "expired" | "reversed";

const tones: Record<State, Tone> = { collected: "good", waiting: "info", expired: "plain", reversed: "bad" };

function stateOf(one: Reception): State {
  if (one.reversed_at) return "reversed";
  if (one.has_been_collected || one.digital_reward) return "collected";
  return one.expires_at && new Date(one.expires_at) <= new Date() ? "expired" : "waiting";
}

export function RewardReceptions({ filter, withContact, title, about, actions, empty }: {
  filter: InputOf<"list_reward_receptions">; withContact?: boolean; title: string; about?: string; actions?: ReactNode; empty: string;
}) {
  const w = useWords(rewardWords);
  const c = useWords(common);
  const f = useFormats();
  const [reversing, setReversing] = useState<Reception | null>(null);
  const collect = useWrite("collect_reward", { onDone: () => tell(w.handedOver) });
  const list = usePages("list_reward_receptions", { ...filter, limit: 30, page: 1 }, {
    rows: (page) => page.reward_receptions,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  return (
    <Card flush title={title} about={about} actions={actions}>
      <Answer of={list}>
        {() => (
          <Table label={title} rows={list.rows} keyOf={(one) => one.uuid} empty={<Empty icon="gift" title={w.none}>{empty}</Empty>}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 actionsBelow
                 actions={(one) => (one.reversed_at ? null : (
                   <span className="inline-flex gap-1">
                     {stateOf(one) === "waiting" && (
                       <Button small busy={collect.isPending && collect.variables.loyalty_transaction_uuid === one.uuid}
                               onClick={() => collect.mutate({ loyalty_transaction_uuid: one.uuid }, { onError: tellProblem })}>{w.handOver}</Button>
                     )}
                     <Button small look="quiet" icon="undo" onClick={() => setReversing(one)}>{w.takeBack}</Button>
                   </span>
                 ))}
                 columns={[
                   { name: w.reward, className: "min-w-40", cell: (one) => <><span className="wrap-anywhere">{one.title}</span>{one.digital_reward_code && <code className="block font-mono text-sm font-normal break-all text-soft">{one.digital_reward_code.code}</code>}</> },
                   ...(withContact ? [{ name: w.who, cell: (one: Reception) => <Link to={`/contacts/${one.contact.uuid}`} className="font-medium text-pink hover:underline">{one.contact.email}</Link> }] : []),
                   { name: w.cost, number: true, className: "whitespace-nowrap", cell: (one) => f.number(Math.abs(one.credits)) },
                   {
                     name: c.state, cell: (one) => (
                       <>
                         <Badge tone={tones[stateOf(one)]}>{w.states[stateOf(one)]}</Badge>
                         {stateOf(one) === "waiting" && one.expires_at && <span className="block text-sm whitespace-nowrap text-soft">{w.until(f.day(one.expires_at))}</span>}
                       </>
                     ),
                   },
                   { name: w.when, className: "min-w-34", cell: (one) => <><Moment at={one.created_at} /><span className="block text-sm text-soft">{one.shop.name}</span></> },
                 ]} />
        )}
      </Answer>
      {reversing && <TakeBack reception={reversing.uuid} title={reversing.title} code={reversing.digital_reward !== null} onClose={() => setReversing(null)} />}
    </Card>
  );
}

export function TakeBack({ reception, title, code, onClose }: { reception: string; title: string; code: boolean; onClose: () => void }) {
  const w = useWords(rewardWords);
  const rehearsal = useRehearsal("reverse_reward_reception");
  const { mutate } = rehearsal;
  useEffect(() => mutate({ reward_reception_uuid: reception }), [mutate, reception]);
  const reverse = useWrite("reverse_reward_reception", { onDone: () => { tell(w.tookBack); onClose(); } });
  return (
    <FormDialog title={w.takeBackTitle(title)} action={w.takeBack} danger busy={reverse.isPending} disabled={!rehearsal.data} onClose={onClose}
                problems={otherProblems(reverse.error ?? rehearsal.error, [])} onSubmit={() => reverse.mutate({ reward_reception_uuid: reception })}>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
      <Notice tone="warn">{code ? w.spentAbout : w.takeBackAbout}</Notice>
    </FormDialog>
  );
}
