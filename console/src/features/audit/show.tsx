import type { OutputOf } from "~/api/client";
import { Badge, type Tone } from "~/ui/page";
import { audit as texts } from "~/words/audit";
import type { Formats } from "~/words/format";
import { useWords } from "~/words/words";

export type Call = OutputOf<"list_audit_calls">["calls"][number];

const tones: Record<Call["outcome"], Tone> = { done: "good", refused: "bad", rehearsed: "info", waiting: "warn", replayed: "plain" };

export function Outcome({ of }: { of: Call["outcome"] }) {
  const w = useWords(texts);
  return <Badge tone={tones[of]}>{w.outcomes[of]}</Badge>;
}

/** The persona, and on whose behalf; or the person; or a program. */
export function Who({ call }: { call: Call }) {
  const w = useWords(texts);
  return (
    <>
      <span className="block">{call.persona || call.person || <span className="text-soft">{w.program}</span>}</span>
      {call.persona && call.person && <span className="block text-sm text-soft">{call.person}</span>}
    </>
  );
}

export function tookOf(microseconds: number, w: (typeof texts)["en"], f: Formats): string {
  if (microseconds < 1_000) return w.microseconds(f.number(microseconds));
  if (microseconds < 1_000_000) return w.milliseconds(f.number(Math.round(microseconds / 100) / 10));
  return w.seconds(f.number(Math.round(microseconds / 100_000) / 10));
}
