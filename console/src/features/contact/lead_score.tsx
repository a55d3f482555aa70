// How warm a contact is, with every reason.

import type { ReactNode } from "react";

import type { OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import { Temperature } from "~/features/campaign/temperature";
import { Answer, Badge, Card } from "~/ui/page";
import { Moment } from "~/ui/show";
import { campaign } from "~/words/campaign";
import { contactWords } from "~/words/contact";
import { useFormats } from "~/words/format";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";
import type { Contact } from "./contact";

type Score = OutputOf<"score_lead">;
type Contribution = Score["contributions"][number];


export function LeadScore({ contact }: { contact: Contact }) {
  const score = useRead("score_lead", { contact_uuid: contact.uuid });
  return <Answer of={score}>{(data) => <Shown score={data} />}</Answer>;
}

function Shown({ score }: { score: Score }) {
  const w = useWords(contactWords);
  const fit = score.contributions.filter((one) => one.group === null);
  const engagement = score.contributions.filter((one) => one.group !== null);
  return (
    <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
      <Card>
        <div className="flex items-center gap-4">
          <p className="text-5xl font-semibold tracking-tight tabular-nums">{score.score}<span className="text-lg font-normal text-soft"> / 100</span></p>
          <div className="flex flex-col items-start gap-1.5">
            <Temperature of={score.temperature} />
            <Badge>{w.cell(score.cell)}</Badge>
          </div>
        </div>
        <div className="mt-5 flex flex-col gap-3">
          <Bar label={w.fit} value={score.fit} />
          <Bar label={w.engagement} value={score.engagement} />
        </div>
        <p className="mt-4 text-sm text-soft">{w.scoreAbout(score.version)}</p>
      </Card>
      <div className="flex flex-col gap-5">
        <Reasons title={w.fit} about={w.fitAbout} of={fit} />
        <Reasons title={w.engagement} about={w.engagementAbout} of={engagement} />
      </div>
    </div>
  );
}

function Bar({ label, value }: { label: string; value: number }) {
  const f = useFormats();
  return (
    <div>
      <div className="mb-1 flex justify-between text-sm"><span>{label}</span><span className="tabular-nums">{f.number(Math.round(value))} / 50</span></div>
      <div role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={50} aria-valuenow={value} className="h-2 overflow-hidden rounded-full bg-sunk">
        <div className="h-full rounded-full bg-pink" style={{ width: `${Math.max(0, Math.min(100, value * 2))}%` }} />
      </div>
    </div>
  );
}

function Reasons({ title, about, of }: { title: string; about: string; of: Contribution[] }) {
  const w = useWords(contactWords);
  const p = useWords(campaign);
  const f = useFormats();
  const server = useServer();
  const details = (one: Contribution): ReactNode[] => [
    ...(one.group ? [(p.groupNames[one.group] ?? one.group).toLowerCase()] : []),
    ...(one.times > 1 ? [w.times(f.number(one.times))] : []),
    ...(one.last_at ? [<Moment key="at" at={one.last_at} />] : []),
  ];
  return (
    <Card flush title={title} about={about}>
      {of.length === 0
        ? <p className="px-5 pb-4 text-sm text-soft">{w.noReasons}</p>
        : (
          <ul className="divide-y divide-line">
            {of.map((one, at) => (
              <li key={at} className="flex items-baseline gap-4 px-5 py-2.5">
                <span className="min-w-0 grow">
                  {server.say(one.words)}
                  {details(one).length > 0 && (
                    <span className="ml-2 text-sm text-soft">{details(one).map((each, index) => <span key={index}>{index > 0 && " · "}{each}</span>)}</span>
                  )}
                </span>
                <span className={one.points < 0 ? "shrink-0 font-semibold text-bad tabular-nums" : "shrink-0 font-semibold text-good tabular-nums"}>
                  {one.points > 0 ? "+" : ""}{f.number(Math.round(one.points * 10) / 10)}
                </span>
              </li>
            ))}
          </ul>
        )}
    </Card>
  );
}
