// The rewards that a contact took, and giving one.

import { useState } from "react";

import { otherProblems, problemOf, useRead, useRehearsal, useWrite } from "~/api/hooks";
import { RewardReceptions } from "~/features/loyalty/reward_receptions";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { SelectField } from "~/ui/field";
import { Answer, Notice } from "~/ui/page";
import { Effect } from "~/ui/show";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { rewardWords } from "~/words/reward";
import { useWords } from "~/words/words";
import type { Contact } from "./contact";

export function Rewards({ contact }: { contact: Contact }) {
  const w = useWords(rewardWords);
  const [giving, setGiving] = useState(false);
  return (
    <>
      <RewardReceptions filter={{ contact_uuid: contact.uuid }} title={w.taken} empty={w.contactNone}
                        actions={<Button small icon="plus" onClick={() => setGiving(true)}>{w.give}</Button>} />
      {giving && <GiveReward contact={contact} onClose={() => setGiving(false)} />}
    </>
  );
}

function GiveReward({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const w = useWords(rewardWords);
  const c = useWords(common);
  const f = useFormats();
  const rewards = useRead("list_rewards", { contact_uuid: contact.uuid });
  const shops = useRead("list_shops", {});
  const [reward, setReward] = useState("");
  const [shop, setShop] = useState("");
  const give = useWrite("create_reward_reception", { onDone: (made) => { tell(made.digital_reward_code ? w.givenWithCode(made.title, made.digital_reward_code.code) : w.given(made.title)); onClose(); } });
  const rehearsal = useRehearsal("create_reward_reception");
  const error = give.error ?? rehearsal.error;
  const uuid = reward || rewards.data?.rewards[0]?.uuid || "";
  const input = { contact_uuid: contact.uuid, reward_uuid: uuid, shop_uuid: shop || shops.data?.shops[0]?.uuid || null };
  const changed = () => { give.reset(); rehearsal.reset(); };
  return (
    <FormDialog title={w.give} action={w.giveIt} busy={give.isPending} disabled={uuid === ""} onClose={onClose}
                problems={otherProblems(error, ["reward_uuid", "shop_uuid"])} onSubmit={() => give.mutate(input)}>
      <Answer of={rewards}>
        {({ rewards: all }) => (all.length === 0 ? <Notice tone="warn">{w.giveNone}</Notice> : (
          <>
            <SelectField label={w.reward} value={uuid} onChange={(event) => { changed(); setReward(event.target.value); }} problem={problemOf(error, "reward_uuid")}>
              {all.map((one) => <option key={one.uuid} value={one.uuid}>{w.price(one.title, f.number(one.required_credits))}</option>)}
            </SelectField>
            <SelectField label={w.shop} value={shop} onChange={(event) => { changed(); setShop(event.target.value); }} problem={problemOf(error, "shop_uuid")}>
              {shops.data?.shops.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
            </SelectField>
            <div><Button small icon="info" busy={rehearsal.isPending} onClick={() => rehearsal.mutate(input)}>{c.tryFirst}</Button></div>
            {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
          </>
        ))}
      </Answer>
    </FormDialog>
  );
}
