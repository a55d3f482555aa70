import { useLocation, useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { usePages, useRead } from "~/api/hooks";
import { Dialog } from "~/ui/dialog";
import { Filter } from "~/ui/field";
import { Answer, Card, Empty } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { Tabs } from "~/ui/tabs";
import { campaign } from "~/words/campaign";
import { contactWords } from "~/words/contact";
import { useFormats } from "~/words/format";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import { isAnonymous } from "../contact/contact";
import { LeadModel } from "./lead_model";
import { Marketing, more, nextPage } from "./marketing";
import { Temperature } from "./temperature";

type Lead = OutputOf<"list_lead_scores">["lead_scores"][number];

export default function Leads() {
  const w = useWords(campaign);
  const navigate = useNavigate();
  const hash = useLocation({ select: (location) => location.hash });
  return (
    <Marketing title={w.pages.leads} about={w.leadsAbout}>
      <Tabs label={w.pages.leads} chosen={hash === "model" ? "model" : "scores"} onChoose={(id) => void navigate({ to: ".", hash: id, replace: true, resetScroll: false })}
            tabs={[{ id: "scores", label: w.scores, content: <Scores /> }, { id: "model", label: w.model, content: <LeadModel /> }]} />
    </Marketing>
  );
}

function Scores() {
  const w = useWords(campaign);
  const p = useWords(contactWords);
  const f = useFormats();
  const [temperature, setTemperature] = useState<Lead["temperature"] | "">("");
  const [shown, setShown] = useState<Lead | null>(null);
  const read = usePages("list_lead_scores", temperature ? { temperature } : {}, { rows: (page) => page.lead_scores, next: nextPage });
  return (
    <Card flush title={w.scores} actions={(
      <Filter label={w.temperature} value={temperature} onChange={(event) => setTemperature(event.target.value as Lead["temperature"] | "")}>
        <option value="">{w.allTemperatures}</option>
        {(["hot", "warm", "nurture"] as const).map((one) => <option key={one} value={one}>{w.temperatures[one]}</option>)}
      </Filter>
    )}>
      <Answer of={read}>
        {() => (
          <Table label={w.scores} rows={read.rows} keyOf={(one) => one.contact.uuid} onOpen={setShown} more={more(read)}
                 empty={<Empty icon="star" title={w.noLeads}>{w.noLeadsAbout}</Empty>}
                 columns={[
                   { name: w.contact, cell: (one) => (isAnonymous(one.contact) ? p.anonymous : one.contact.email) },
                   { name: w.score, number: true, cell: (one) => <strong>{f.number(one.score)}</strong> },
                   { name: w.cell, cell: (one) => <span className="tabular-nums">{one.cell}</span> },
                   { name: w.temperature, cell: (one) => <Temperature of={one.temperature} /> },
                   { name: w.fit, number: true, minor: true, className: "max-sm:hidden", cell: (one) => f.number(Math.round(one.fit)) },
                   { name: w.engagement, number: true, minor: true, className: "max-sm:hidden", cell: (one) => f.number(Math.round(one.engagement)) },
                   { name: w.scoredAt, minor: true, className: "max-sm:hidden", cell: (one) => <Moment at={one.scored_at} /> },
                 ]} />
        )}
      </Answer>
      {shown && <Why lead={shown} onClose={() => setShown(null)} />}
    </Card>
  );
}

/** Every reason of a score, with what it gave or took. */
function Why({ lead, onClose }: { lead: Lead; onClose: () => void }) {
  const w = useWords(campaign);
  const p = useWords(contactWords);
  const f = useFormats();
  const read = useRead("score_lead", { contact_uuid: lead.contact.uuid });
  return (
    <Dialog title={w.whyScore(isAnonymous(lead.contact) ? p.anonymous : lead.contact.email)} onClose={onClose}>
      <Answer of={read}>
        {(data) => (
          <>
            <p className="flex items-baseline gap-3"><span className="text-3xl font-semibold tabular-nums">{f.number(data.score)}</span><Temperature of={data.temperature} /><span className="text-soft">{data.cell}</span></p>
            <p className="mt-1 text-sm text-soft">{w.fitAndEngagement(f.number(Math.round(data.fit)), f.number(Math.round(data.engagement)))}</p>
            <ul className="mt-4 divide-y divide-line">
              {data.contributions.map((one, at) => (
                <li key={at} className="flex items-baseline justify-between gap-4 py-2">
                  <span>{serverIn().say(one.words)} {one.times > 1 && <span className="text-sm text-soft">×{f.number(one.times)}</span>} {one.last_at && <span className="text-sm text-soft"><Moment at={one.last_at} /></span>}</span>
                  <strong className={one.points < 0 ? "shrink-0 text-bad tabular-nums" : "shrink-0 text-good tabular-nums"}>{one.points > 0 ? "+" : "−"}{f.number(Math.abs(Math.round(one.points * 10) / 10))}</strong>
                </li>
              ))}
            </ul>
            <a href={`/contacts/${lead.contact.uuid}`} className="mt-3 inline-block font-medium text-pink underline">{w.toContact}</a>
          </>
        )}
      </Answer>
    </Dialog>
  );
}
