import { useRead } from "~/api/hooks";
import { Chart } from "~/ui/chart";
import { Answer, Card, Empty } from "~/ui/page";
import { Table } from "~/ui/table";
import { insight } from "~/words/insight";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import type { Period } from "./period";
import { queryOf } from "./query";

/** Who came into which tier, and from where. */
export function Tiers({ period }: { period: Period }) {
  const w = useWords(insight);
  const f = useFormats();
  const input = { from: period.from, to: period.to };
  const read = useRead("get_tier_flow", input, { keep: true });
  return (
    <Answer of={read}>
      {({ tiers, moves }) => {
        const name = (uuid: string | null) => tiers.find((one) => one.tier_uuid === uuid)?.name || w.noTier;
        return (
          <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
            <Chart title={w.tiers} about={w.tiersAbout} kind="across" labels={tiers.map((one) => name(one.tier_uuid))} labelName={w.tier} query={queryOf("get_tier_flow", input)}
                   series={[{ name: w.entered, values: tiers.map((one) => one.entered) }, { name: w.left, values: tiers.map((one) => one.left) }, { name: w.inItNow, values: tiers.map((one) => one.contacts_now) }]} />
            <Card flush title={w.moves} about={w.movesAbout}>
              <Table label={w.moves} rows={moves} keyOf={(one) => `${one.from_tier_uuid} ${one.to_tier_uuid}`} empty={<Empty icon="star" title={w.noMoves} />}
                     columns={[
                       { name: w.fromTier, cell: (one) => name(one.from_tier_uuid) },
                       { name: w.toTier, cell: (one) => name(one.to_tier_uuid) },
                       { name: w.moves, number: true, cell: (one) => f.number(one.moves) },
                       { name: w.contacts, number: true, cell: (one) => f.number(one.contacts) },
                     ]} />
            </Card>
          </div>
        );
      }}
    </Answer>
  );
}
