import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { usePages } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Answer, Badge, Card, Empty, type Tone } from "~/ui/page";
import { Table } from "~/ui/table";
import { campaign } from "~/words/campaign";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { Marketing, more, nextPage } from "./marketing";
import { Plan } from "./plan";

type State = OutputOf<"list_campaigns">["campaigns"][number]["state"];
const tones: Record<State, Tone> = { scheduled: "info", selecting: "warn", selected: "good", cancelled: "plain", failed: "bad" };

export function CampaignState({ state }: { state: State }) {
  const w = useWords(campaign);
  return <Badge tone={tones[state]}>{w.states[state]}</Badge>;
}

export function CampaignTable({ limit = 30 }: { limit?: number }) {
  const w = useWords(campaign);
  const f = useFormats();
  const read = usePages("list_campaigns", { limit }, { rows: (page) => page.campaigns, next: nextPage });
  return (
    <Answer of={read}>
      {() => (
        <Table label={w.pages.campaigns} rows={read.rows} keyOf={(one) => one.uuid} to={(one) => `/marketing/campaigns/${one.uuid}`} more={more(read)}
               empty={<Empty icon="mail" title={w.noCampaigns}>{w.noCampaignsAbout}</Empty>}
               columns={[
                 { name: w.name, cell: (one) => one.name },
                 { name: w.state, cell: (one) => <CampaignState state={one.state} /> },
                 { name: w.when, cell: (one) => <time dateTime={one.send_at} title={f.exact(one.send_at)}>{f.moment(one.send_at)}</time> },
                 { name: w.selected, number: true, cell: (one) => f.number(one.selected) },
               ]} />
      )}
    </Answer>
  );
}

export default function Campaigns() {
  const w = useWords(campaign);
  const [planning, setPlanning] = useState(false);
  return (
    <Marketing title={w.pages.campaigns} about={w.campaignsAbout} actions={<Button look="primary" icon="plus" onClick={() => setPlanning(true)}>{w.newCampaign}</Button>}>
      <Card flush><CampaignTable /></Card>
      {planning && <Plan onClose={() => setPlanning(false)} />}
    </Marketing>
  );
}
