import { Link } from "@tanstack/react-router";

import { useRead } from "~/api/hooks";
import { Icon, type IconName } from "~/ui/icon";
import { Card } from "~/ui/page";
import { campaign } from "~/words/campaign";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { CampaignTable } from "./campaigns";
import { Marketing } from "./marketing";

export default function Overview() {
  const w = useWords(campaign);
  const segments = useRead("list_segments", { limit: 1 });
  const campaigns = useRead("list_campaigns", { limit: 5 });
  const sequences = useRead("list_sequences", { state: "active", limit: 1 });
  const leads = useRead("list_lead_scores", { temperature: "hot", limit: 1 });
  return (
    <Marketing title={w.title} about={w.about}>
      <div className="flex flex-col gap-6">
        <ul className="grid grid-cols-2 gap-3 sm:gap-4 xl:grid-cols-4">
          <Tile icon="segment" to="/marketing/segments" label={w.pages.segments} count={segments.data?.page.total} about={w.tiles.segments} />
          <Tile icon="mail" to="/marketing/campaigns" label={w.pages.campaigns} count={campaigns.data?.page.total} about={w.tiles.campaigns} />
          <Tile icon="clock" to="/marketing/sequences" label={w.pages.sequences} count={sequences.data?.page.total} about={w.tiles.sequences} />
          <Tile icon="star" to="/marketing/leads" label={w.hotLeads} count={leads.data?.page.total} about={w.tiles.leads} />
        </ul>
        <Card flush title={w.newestCampaigns}><CampaignTable limit={5} /></Card>
      </div>
    </Marketing>
  );
}

function Tile({ icon, to, label, count, about }: { icon: IconName; to: string; label: string; count: number | undefined; about: string }) {
  const f = useFormats();
  return (
    <li>
      <Link to={to} className="flex h-full flex-col items-start gap-3 rounded-2xl border border-line bg-paper p-4 transition sm:flex-row sm:gap-4 sm:p-5 hover:border-pink/60">
        <span className="grid size-11 shrink-0 place-items-center rounded-xl bg-blush text-pink"><Icon name={icon} className="size-6" /></span>
        <span>
          <span className="block text-sm font-medium">{label}</span>
          <span className="block text-2xl font-semibold tabular-nums">{count === undefined ? "–" : f.number(count)}</span>
          <span className="block text-sm text-soft">{about}</span>
        </span>
      </Link>
    </li>
  );
}
