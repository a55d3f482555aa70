import type { OutputOf } from "~/api/client";
import { Icon, type IconName } from "~/ui/icon";
import { Badge, type Tone } from "~/ui/page";
import { flow } from "~/words/flow";
import { useWords } from "~/words/words";

export type Run = OutputOf<"list_flow_runs">["runs"][number];
export type RunStateName = Run["state"];

const looks: Record<RunStateName, { tone: Tone; icon: IconName }> = {
  queued: { tone: "plain", icon: "clock" }, running: { tone: "info", icon: "play" }, waiting: { tone: "warn", icon: "clock" },
  paused: { tone: "warn", icon: "pause" }, done: { tone: "good", icon: "check" }, stopped: { tone: "plain", icon: "stop" },
  failed: { tone: "bad", icon: "close" }, cancelled: { tone: "plain", icon: "close" }, skipped: { tone: "plain", icon: "right" },
};

export function isOver(state: RunStateName): boolean {
  return ["done", "stopped", "failed", "cancelled", "skipped"].includes(state);
}

export function RunState({ state }: { state: RunStateName }) {
  const w = useWords(flow);
  return <Badge tone={looks[state].tone}><Icon name={looks[state].icon} className="size-3.5" />{w.runStates[state]}</Badge>;
}
