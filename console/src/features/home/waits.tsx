// What does not go on without a person: who asked to be erased, questions of personas, connections that are refused, runs
// that failed in the last week.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { useRead } from "~/api/hooks";
import { DueBadge } from "~/features/erasure/requests";
import { useTools } from "~/features/persona/tools";
import { join } from "~/ui/class";
import { Icon, type IconName } from "~/ui/icon";
import { Answer, Card } from "~/ui/page";
import { Moment } from "~/ui/show";
import { erasureWords } from "~/words/erasure";
import { useFormats } from "~/words/format";
import { home } from "~/words/home";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";

const shownMax = 5;
const recentMs = 7 * 86_400_000;

interface Row {
  key: string;
  icon: IconName;
  tone: "warn" | "bad";
  title: string;
  about: ReactNode;
  to: string;
  search?: Record<string, string>;
}

const tones = { warn: "bg-warn-soft text-warn", bad: "bg-bad-soft text-bad" } as const;

function RowLink({ row }: { row: Row }) {
  return (
    <li>
      <Link to={row.to} {...(row.search ? { search: row.search } : {})} className="flex items-center gap-3 px-5 py-3 hover:bg-sunk/60">
        <span className={join("grid size-9 shrink-0 place-items-center rounded-full", tones[row.tone])}><Icon name={row.icon} /></span>
        <span className="min-w-0 grow">
          <span className="block font-medium">{row.title}</span>
          <span className="line-clamp-1 text-sm text-soft">{row.about}</span>
        </span>
        <Icon name="right" className="size-4 text-soft" />
      </Link>
    </li>
  );
}

export function Waits() {
  const w = useWords(home);
  const e = useWords(erasureWords);
  const f = useFormats();
  const tools = useTools();
  const server = useServer();
  const erasures = useRead("list_erasure_requests", { state: "open", limit: 1 });
  const approvals = useRead("list_approvals", { state: "pending", limit: 50 });
  const connections = useRead("list_connections", {});
  const failed = useRead("list_flow_runs", { state: "failed", limit: shownMax });
  const pending = approvals.data?.approvals ?? [];
  const [next] = erasures.data?.erasure_requests ?? [];
  const waiting = erasures.data?.page.total ?? 0;
  const rows: Row[] = [
    ...(next ? [{
      key: next.uuid, icon: "contacts", tone: (next.days_left ?? 0) < 0 ? "bad" : "warn", title: e.waits(f.number(waiting), waiting === 1),
      about: <DueBadge request={next} />, to: "/settings", search: { tab: "erasure" },
    } satisfies Row] : []),
    ...pending.slice(0, shownMax).map((one): Row => ({
      key: one.uuid, icon: "approval", tone: "warn", title: w.asks(one.persona, tools.title(one.tool)), about: one.prompt || server.say(one.reason),
      to: "/approvals", search: { open: one.uuid },
    })),
    ...(connections.data?.connections ?? []).filter((one) => one.state === "reconnect" || one.state === "expiring").map((one): Row => ({
      key: one.uuid ?? one.handle, icon: "integrations", tone: one.state === "reconnect" ? "bad" : "warn",
      title: one.state === "reconnect" ? w.reconnect(one.name) : w.expiring(one.name),
      about: one.state === "reconnect" ? server.say(one.problem) : <>{w.ends} <Moment at={one.expires_at} /></>, to: "/integrations",
    })),
    ...(failed.data?.runs ?? []).filter((one) => Date.now() - new Date(one.created_at).getTime() < recentMs).map((one): Row => ({
      key: one.uuid, icon: "flow", tone: "bad", title: w.runFailed(one.flow), about: <><Moment at={one.ended_at ?? one.created_at} />{one.problem && `: ${server.say(one.problem)}`}</>,
      to: `/flows/runs/${one.uuid}`,
    })),
  ];
  return (
    <Answer of={approvals}>
      {() => rows.length === 0
        ? (
          <p className="flex items-center gap-2.5 rounded-2xl border border-line bg-paper px-5 py-4 text-soft">
            <Icon name="check" className="size-5 text-good" />{w.nothingWaits}
          </p>
        )
        : (
          <Card flush title={w.waits}>
            <ul className="divide-y divide-line border-t border-line">
              {rows.map((row) => <RowLink key={row.key} row={row} />)}
              {pending.length > shownMax && (
                <li><Link to="/approvals" className="block px-5 py-2.5 text-sm text-pink hover:bg-sunk/60">{w.allApprovals}</Link></li>
              )}
            </ul>
          </Card>
        )}
    </Answer>
  );
}
