// One approval with everything that a decision needs.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { useTools, type ToolInfo } from "~/features/persona/tools";
import { Badge, type Tone } from "~/ui/page";
import { Effect, Json, Moment } from "~/ui/show";
import { Facts } from "~/ui/table";
import { approval } from "~/words/approval";
import { useFormats } from "~/words/format";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import { Arguments } from "./arguments";
import { textOf, type Approval } from "./decide";

export const stateTones: Record<Approval["state"], Tone> = {
  pending: "warn", executing: "info", executed: "good", failed: "bad", denied: "plain", expired: "plain",
};

export function StateBadge({ state }: { state: Approval["state"] }) {
  const w = useWords(approval);
  return <Badge tone={stateTones[state]}>{w.states[state]}</Badge>;
}

export function EffectBadge({ tool }: { tool: ToolInfo | undefined }) {
  const w = useWords(approval);
  if (tool?.effect !== "destructive") return null;
  return <Badge tone="bad">{w.effects.destructive}</Badge>;
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1.5 text-sm text-soft">{title}</h3>
      {children}
    </section>
  );
}

/** What it would change, did change, or would have changed. */
export function Effects({ of }: { of: Approval }) {
  const w = useWords(approval);
  if (of.effects.length === 0) return null;
  if (of.state === "pending" || of.state === "executing") return <Effect lines={of.effects} />;
  return <Effect lines={of.effects} title={of.state === "executed" ? w.changed : w.wouldHaveChanged} />;
}

/** `facts`: with what stands beside it in the inbox. */
export function Details({ of, facts }: { of: Approval; facts?: boolean }) {
  const w = useWords(approval);
  const f = useFormats();
  const tools = useTools();
  const info = tools.find(of.tool);
  const waits = of.state === "pending";
  return (
    <div className="flex flex-col gap-4">
      {of.prompt && (
        <Part title={w.prompt}>
          <blockquote className="max-h-40 overflow-y-auto border-l-2 border-edge/50 pl-3 whitespace-pre-wrap" tabIndex={0} aria-label={w.prompt}>{of.prompt}</blockquote>
        </Part>
      )}
      <Effects of={of} />
      <Part title={waits ? w.arguments : w.argumentsSent}>
        <div className="rounded-xl border border-line px-4 py-2.5"><Arguments value={of.arguments} own={info?.connection === ""} /></div>
      </Part>
      {facts && <Facts of={[
        [w.reason, serverIn().say(of.reason)],
        [w.price, w.credits(of.price)],
        ...(waits ? [[w.until, <span key="until">{f.moment(of.expires_at)} (<Moment at={of.expires_at} />)</span>] as [string, ReactNode]] : []),
        ...(of.decided_at ? [[w.decided, <span key="by"><Moment at={of.decided_at} /> {w.decidedBy(of.decided_by || w.theOwner)}</span>] as [string, ReactNode]] : []),
        ...(of.note ? [[w.note, <span key="note" className="whitespace-pre-wrap">{of.note}</span>] as [string, ReactNode]] : []),
      ]} />}
      {of.answer !== null && (
        <Part title={w.answer}>
          {of.state === "failed" ? <p className="text-bad">{textOf(of.answer)}</p> : <Json value={of.answer} label={w.answer} />}
        </Part>
      )}
      {facts && <ToChat of={of} />}
    </div>
  );
}

export function ToChat({ of }: { of: Approval }) {
  const w = useWords(approval);
  if (!of.conversation_uuid) return null;
  return <p><Link to={`/chat/${of.conversation_uuid}`} className="text-sm text-pink underline underline-offset-2">{w.openChat}</Link></p>;
}
