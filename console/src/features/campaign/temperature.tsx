import type { OutputOf } from "~/api/client";
import { Badge, type Tone } from "~/ui/page";
import { campaign } from "~/words/campaign";
import { useWords } from "~/words/words";

type Degree = OutputOf<"score_lead">["temperature"];

const tones: Record<Degree, Tone> = { nurture: "plain", warm: "warn", hot: "bad" };

/** How warm a lead is. */
export function Temperature({ of }: { of: Degree }) {
  const w = useWords(campaign);
  return <Badge tone={tones[of]}>{w.temperatures[of]}</Badge>;
}
