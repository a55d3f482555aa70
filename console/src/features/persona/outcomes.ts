import type { OutputOf } from "~/api/client";
import type { Tone } from "~/ui/page";

type Outcome = OutputOf<"list_audit_calls">["calls"][number]["outcome"];

export const outcomeTones: Record<Outcome, Tone> = { done: "good", refused: "bad", rehearsed: "info", waiting: "warn", replayed: "plain" };
