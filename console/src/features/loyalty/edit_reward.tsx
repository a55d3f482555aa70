import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRehearsal, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { CheckField, TextArea, TextField } from "~/ui/field";
import { Notice } from "~/ui/page";
import { Effect } from "~/ui/show";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { loyaltyWords } from "~/words/loyalty";
import { rewardWords } from "~/words/reward";
import { useWords } from "~/words/words";
import { numberOf } from "./number";

type Reward = OutputOf<"list_rewards">["rewards"][number];

const shown = ["title", "description", "required_credits", "stock", "claim_limit"];

export function EditReward({ reward, onClose }: { reward: Reward; onClose: () => void }) {
  const w = useWords(rewardWords);
  const l = useWords(loyaltyWords);
  const c = useWords(common);
  const told = (value: number | null) => (value === null ? "" : String(value));
  const [text, setText] = useState({
    title: reward.title, description: reward.description ?? "", price: String(reward.required_credits), stock: told(reward.stock), limit: told(reward.claim_limit),
  });
  const thing = reward.reward_type === "PHYSICAL";
  const [active, setActive] = useState(reward.is_active);
  const update = useWrite("update_reward", { onDone: () => { tell(c.saved); onClose(); } });
  const rehearsal = useRehearsal("update_reward");
  const error = update.error ?? rehearsal.error;
  const field = (name: keyof typeof text) => ({ value: text[name], onChange: (event: { target: { value: string } }) => { rehearsal.reset(); setText({ ...text, [name]: event.target.value }); } });
  const input = {
    reward_uuid: reward.uuid, title: text.title, description: text.description, required_credits: numberOf(text.price) ?? ("" as unknown as number), is_active: active,
    ...(thing && text.stock.trim() ? { stock: numberOf(text.stock)! } : {}), ...(text.limit.trim() ? { claim_limit: numberOf(text.limit)! } : {}),
  };
  return (
    <FormDialog title={w.edit} action={c.save} wide busy={update.isPending} onClose={onClose} problems={otherProblems(error, shown)} onSubmit={() => update.mutate(input)}>
      <TextField label={c.name} autoFocus {...field("title")} problem={problemOf(error, "title")} />
      <TextArea label={c.description} optional rows={2} {...field("description")} problem={problemOf(error, "description")} />
      <div className="grid gap-4 sm:grid-cols-3">
        <TextField label={l.priceInCredits} inputMode="numeric" {...field("price")} problem={problemOf(error, "required_credits")} />
        {thing && <TextField label={l.stock} hint={w.keep} inputMode="numeric" {...field("stock")} problem={problemOf(error, "stock")} />}
        <TextField label={w.limit} hint={w.keep} inputMode="numeric" {...field("limit")} problem={problemOf(error, "claim_limit")} />
      </div>
      <CheckField label={l.canBeClaimed} checked={active} onChange={(event) => { rehearsal.reset(); setActive(event.target.checked); }} />
      <Notice>{w.editAbout}</Notice>
      <div><Button small icon="info" busy={rehearsal.isPending} onClick={() => rehearsal.mutate(input)}>{c.tryFirst}</Button></div>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
    </FormDialog>
  );
}
