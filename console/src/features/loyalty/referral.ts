import type { OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import type { Tone } from "~/ui/page";
import { useFormats } from "~/words/format";
import { referralWords } from "~/words/referral";
import { useWords } from "~/words/words";

export type ReferralProgram = OutputOf<"get_referral_program">;
export type ReferralState = OutputOf<"search_referrals">["referrals"][number]["status"];
type Rules = Pick<ReferralProgram, "completion_event" | "number_of_transactions" | "limit_per_contact" | "referring_incentive" | "referred_incentive">;

export const referralTones: Record<ReferralState, Tone> = { pending: "info", completed: "good", failed: "plain" };

/** Says in one or two sentences what rules will do. */
export function useRulesInWords(): (rules: Rules) => string {
  const w = useWords(referralWords);
  const f = useFormats();
  const program = useRead("get_loyalty_program", {});
  const said = (side: Rules["referring_incentive"]) =>
    (side.type === "loyalty_points" ? w.credits(f.number(side.points), program.data?.custom_credit_name ?? "")
      : side.promotion ? w.voucher(side.promotion.name) : w.nothing);
  return (rules) => {
    const when = w.when(rules.completion_event === "contact_creation" ? null : rules.number_of_transactions);
    const sentence = w.sentence(said(rules.referring_incentive), said(rules.referred_incentive), when);
    return rules.limit_per_contact === null ? sentence : `${sentence} ${w.most(rules.limit_per_contact)}`;
  };
}
