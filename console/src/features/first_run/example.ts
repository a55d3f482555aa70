// An example to look around with, made by the same operations as everything else. Each step has a key
// of its run, so that a run that stopped can be repeated, and what was made is not made twice.

import { piggy, type InputOf, type OutputOf, type WriteName } from "~/api/client";
import type { firstRun } from "~/words/first_run";

type Texts = (typeof firstRun)["en"];

const customers: { email: string; spent: number[] }[] = [
  { email: "ann@example.com", spent: [42.5, 18.95] },
  { email: "bram@example.com", spent: [120] },
  { email: "chloe@example.com", spent: [9.95] },
  { email: "daan@example.com", spent: [230, 64.5, 31] },
  { email: "elif@example.com", spent: [15] },
];
const tierCredits = [0, 100, 300];


export async function fillExample(w: Texts, run: string, onProgress: (done: number, all: number) => void): Promise<void> {
  const all = 1 + tierCredits.length + 1 + 2 + customers.reduce((sum, one) => sum + 1 + one.spent.length, 0);
  let done = 0;
  const make = async <Name extends WriteName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> => {
    const answer = await piggy.call(name, input, { idempotencyKey: `example-${run}-${done}` });
    done += 1;
    onProgress(done, all);
    return answer;
  };
  const shop = await make("create_shop", { name: w.exampleShop, type: "web" });
  for (const [at, name] of w.exampleTiers.entries()) await make("create_tier", { name, credits_required: tierCredits[at] ?? 0, position: at + 1 });
  await make("create_reward", { title: w.exampleReward, required_credits: 100 });
  const promotion = await make("create_promotion", { name: w.examplePromotion, description: w.examplePromotionAbout });
  await make("create_vouchers_batch", { promotion_uuid: promotion.uuid, quantity: 10 });
  for (const { email, spent } of customers) {
    const contact = await make("find_or_create_contact", { email });
    for (const unit_value of spent) await make("create_credit_reception", { shop_uuid: shop.uuid, contact_uuid: contact.uuid, unit_value });
  }
}
