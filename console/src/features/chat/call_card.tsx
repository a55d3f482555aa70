// A call of a tool: what, on whom, how it ended, at what price; and the question to a person, where
// there is one.

import { useRead } from "~/api/hooks";
import { Arguments } from "~/features/approval/arguments";
import { Decide, textOf, type Approval } from "~/features/approval/decide";
import { EffectBadge, Effects, StateBadge } from "~/features/approval/details";
import { useTools } from "~/features/persona/tools";
import { Spinner } from "~/ui/button";
import { join } from "~/ui/class";
import { Icon, type IconName } from "~/ui/icon";
import { Badge, type Tone } from "~/ui/page";
import { Json, Moment } from "~/ui/show";
import { approval as approvalWords } from "~/words/approval";
import { chat } from "~/words/chat";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";
import { numberIn, outcomeOf, textIn, valueIn, type Item } from "./messages";

const tones: Record<string, Tone> = { done: "good", refused: "bad", rehearsed: "info", waiting: "warn", replayed: "plain", running: "plain", open: "plain" };
const icons: Record<string, IconName> = { refused: "warn", waiting: "approval", done: "tool" };

function Question({ of }: { of: Approval }) {
  const w = useWords(approvalWords);
  const server = useServer();
  return (
    <div className="flex flex-col gap-3">
      <Effects of={of} />
      <p className="text-sm text-soft">{server.say(of.reason)}</p>
      {of.state === "pending"
        ? <Decide plain of={of} />
        : (
          <p className="flex flex-wrap items-center gap-2 text-sm">
            <StateBadge state={of.state} />
            {of.decided_at && <span className="text-soft"><Moment at={of.decided_at} /> {w.decidedBy(of.decided_by || w.theOwner)}</span>}
            {of.note && <span>“{of.note}”</span>}
          </p>
        )}
      {of.state === "failed" && <p className="text-sm text-bad">{server.say(textOf(of.answer))}</p>}
    </div>
  );
}

/** `running`: it is this turn's, and has not ended. */
export function CallCard({ item, running }: { item: Item & { kind: "call" }; running: boolean }) {
  const w = useWords(chat);
  const server = useServer();
  const tools = useTools();
  const { call, result } = item;
  const name = (call ?? result)?.text ?? "";
  const info = tools.find(name);
  const outcome = outcomeOf(result) ?? (running ? "running" : "open");
  const approvalUuid = textIn(result, "approval");
  const approval = useRead("get_approval", { approval_uuid: approvalUuid }, { enabled: approvalUuid !== "" });
  const error = textIn(result, "error");
  const price = numberIn(result, "price") ?? numberIn(call, "price");
  const args = valueIn(call, "arguments");
  const answer = approval.data?.answer ?? valueIn(result, "answer");
  const ended = approval.data && approval.data.state !== "pending" ? approval.data.state : null;
  return (
    <article aria-label={tools.title(name)} className={join("rounded-xl border bg-paper", outcome === "waiting" && !ended ? "border-warn/40" : "border-line")}>
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1 px-4 pt-3">
        {outcome === "running" ? <Spinner className="size-4.5" /> : <Icon name={icons[outcome] ?? "tool"} className="size-4.5 text-soft" />}
        <h3 className="min-w-0 font-medium">{tools.title(name)}</h3>
        <EffectBadge tool={info} />
        {!ended && <Badge tone={tones[outcome] ?? "plain"}>{w.outcomes[outcome]}</Badge>}
        {price !== null && outcome !== "refused" && <span className="ml-auto text-sm whitespace-nowrap text-soft">{w.credits(price)}</span>}
      </div>
      <div className="flex flex-col gap-2.5 px-4 pt-1.5 pb-3">
        <Arguments brief value={args ?? {}} own={info?.connection === ""} />
        {error && !approval.data && <p className="text-sm whitespace-pre-wrap">{server.say(error)}</p>}
        {approval.error && <p className="text-sm text-soft">{w.approvalGone}</p>}
        {approval.data && <Question of={approval.data} />}
        <details className="group text-sm">
          <summary className="inline-flex list-none items-center gap-1 text-soft hover:text-ink">
            <Icon name="right" className="size-4 transition group-open:rotate-90" />{w.details}
            <code className="ml-1 font-mono text-xs">{name}</code>
          </summary>
          <div className="mt-2 flex flex-col gap-2">
            {call && <div><p className="mb-1 text-soft">{w.sent}</p><Json value={args ?? {}} label={w.sent} /></div>}
            {answer !== undefined && answer !== null && <div><p className="mb-1 text-soft">{w.answered}</p><Json value={answer} label={w.answered} /></div>}
          </div>
        </details>
      </div>
    </article>
  );
}
