import { Link } from "@tanstack/react-router";
import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { Button, buttonClass } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { CheckField, SelectField, TextArea, TextField } from "~/ui/field";
import { Answer, Badge, Card, Empty, Notice } from "~/ui/page";
import { Table } from "~/ui/table";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { loyaltyWords } from "~/words/loyalty";
import { useWords } from "~/words/words";
import { rewardWords } from "~/words/reward";
import { EditReward } from "./edit_reward";
import { LoyaltyPage } from "./frame";
import { numberOf } from "./number";
import { RewardReceptions } from "./reward_receptions";

export default function Rewards() {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const f = useFormats();
  const r = useWords(rewardWords);
  const [creating, setCreating] = useState(false);
  const [editing, setEditing] = useState<OutputOf<"list_rewards">["rewards"][number] | null>(null);
  const [waiting, setWaiting] = useState(false);
  const rewards = useRead("list_rewards", {});
  const create = <Button look="primary" icon="plus" onClick={() => setCreating(true)}>{w.newReward}</Button>;
  return (
    <LoyaltyPage title={w.sections.rewards} about={w.rewardsAbout} actions={create}>
      <Card flush>
        <Answer of={rewards}>
          {({ rewards: all }) => (
            <Table label={w.sections.rewards} rows={all} keyOf={(one) => one.uuid} onOpen={setEditing} empty={<Empty icon="gift" title={w.noRewards}>{w.noRewardsAbout}</Empty>}
                   columns={[
                     { name: c.name, cell: (one) => <>{one.title}{one.description && <span className="block text-sm font-normal text-soft">{one.description}</span>}</> },
                     { name: w.price, number: true, cell: (one) => w.creditsCount(f.number(one.required_credits)) },
                     { name: w.kind, cell: (one) => w.rewardKinds[one.reward_type] },
                     { name: w.stock, number: true, cell: (one) => (one.stock === null ? w.unlimited : f.number(one.stock)) },
                     { name: w.pickUp, minor: true, className: "sm:whitespace-nowrap", cell: (one) => (one.pre_redeemable ? w.inShop : w.atOnce) },
                     { name: c.state, cell: (one) => (one.is_active ? <Badge tone="good">{w.ruleStates.on}</Badge> : <Badge>{w.ruleStates.off}</Badge>) },
                   ]}
                   actions={(one) => one.reward_type === "DIGITAL" && (
                     <Link to={`/loyalty/rewards/${one.uuid}`} aria-label={r.codesOf(one.title)} className={buttonClass("plain", true)}>{r.codes}</Link>
                   )} />
          )}
        </Answer>
      </Card>
      <div className="mt-5">
        <RewardReceptions filter={waiting ? { waiting } : {}} withContact title={r.taken} about={r.takenAbout} empty={r.noneAbout}
                          actions={<CheckField label={r.waitingOnly} checked={waiting} onChange={(event) => setWaiting(event.target.checked)} />} />
      </div>
      {editing && <EditReward reward={editing} onClose={() => setEditing(null)} />}
      {creating && <NewReward onClose={() => setCreating(false)} />}
    </LoyaltyPage>
  );
}

const shown = ["title", "description", "required_credits", "reward_type", "stock", "claim_limit", "cost_price", "expiration_duration"];

function NewReward({ onClose }: { onClose: () => void }) {
  const w = useWords(loyaltyWords);
  const r = useWords(rewardWords);
  const c = useWords(common);
  const [text, setText] = useState({ title: "", description: "", price: "", stock: "", cost: "", days: "", limit: "" });
  const [kind, setKind] = useState<"PHYSICAL" | "DIGITAL">("PHYSICAL");
  const thing = kind === "PHYSICAL";
  const [active, setActive] = useState(true);
  const [waits, setWaits] = useState(false);
  const create = useWrite("create_reward", { onDone: () => { tell(w.rewardMade); onClose(); } });
  const field = (name: keyof typeof text) => ({ value: text[name], onChange: (event: { target: { value: string } }) => setText({ ...text, [name]: event.target.value }) });
  const days = numberOf(text.days);
  const send = () => create.mutate({
    title: text.title, required_credits: numberOf(text.price) ?? ("" as unknown as number), reward_type: kind, is_active: active, pre_redeemable: thing && waits,
    ...(text.description ? { description: text.description } : {}),
    ...(thing && text.stock.trim() ? { stock: numberOf(text.stock)! } : {}),
    ...(text.limit.trim() ? { claim_limit: numberOf(text.limit)! } : {}),
    ...(text.cost.trim() ? { cost_price: numberOf(text.cost)! } : {}),
    ...(thing && waits && days !== undefined ? { expiration_duration: typeof days === "number" ? days * 86_400 : days } : {}),
  });
  return (
    <FormDialog title={w.newReward} action={c.create} busy={create.isPending} onClose={onClose} problems={otherProblems(create.error, shown)} onSubmit={send}>
      <TextField label={c.name} autoFocus {...field("title")} problem={problemOf(create.error, "title")} />
      <TextArea label={c.description} optional rows={2} {...field("description")} problem={problemOf(create.error, "description")} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={w.priceInCredits} inputMode="numeric" {...field("price")} problem={problemOf(create.error, "required_credits")} />
        <SelectField label={w.kind} value={kind} onChange={(event) => setKind(event.target.value as typeof kind)} problem={problemOf(create.error, "reward_type")}>
          <option value="PHYSICAL">{w.rewardKinds.PHYSICAL}</option>
          <option value="DIGITAL">{w.rewardKinds.DIGITAL}</option>
        </SelectField>
        {thing && <TextField label={w.stock} hint={w.stockHint} optional inputMode="numeric" {...field("stock")} problem={problemOf(create.error, "stock")} />}
        <TextField label={r.limit} hint={r.limitHint} optional inputMode="numeric" {...field("limit")} problem={problemOf(create.error, "claim_limit")} />
        <TextField label={w.costPrice} hint={w.costPriceHint} optional inputMode="decimal" {...field("cost")} problem={problemOf(create.error, "cost_price")} />
      </div>
      {!thing && <Notice>{r.stockIsCodes}</Notice>}
      {thing && <CheckField label={w.waitsInShop} checked={waits} onChange={(event) => setWaits(event.target.checked)} />}
      {thing && waits && <TextField label={w.waitDays} hint={w.waitDaysHint} optional inputMode="numeric" {...field("days")} problem={problemOf(create.error, "expiration_duration")} />}
      <CheckField label={w.canBeClaimed} checked={active} onChange={(event) => setActive(event.target.checked)} />
    </FormDialog>
  );
}
