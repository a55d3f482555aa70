import { Link } from "@tanstack/react-router";

import { useRead } from "~/api/hooks";
import { Answer, Card } from "~/ui/page";
import { Moment } from "~/ui/show";
import { home } from "~/words/home";
import { useWords } from "~/words/words";

const shownMax = 5;

/** The flows that run next by their schedules. */
export function NextRuns() {
  const w = useWords(home);
  const flows = useRead("list_flows", {});
  return (
    <Card flush title={w.next} actions={<Link to="/flows" className="text-sm text-pink hover:underline">{w.allFlows}</Link>}>
      <Answer of={flows}>
        {({ flows: all }) => {
          const next = all.filter((one) => one.enabled && one.next_runs[0])
            .map((one) => ({ uuid: one.uuid, name: one.name, at: one.next_runs[0]! }))
            .sort((a, b) => a.at.localeCompare(b.at)).slice(0, shownMax);
          if (next.length === 0) return <p className="px-5 pb-4 text-sm text-soft">{w.noNext}</p>;
          return (
            <ul className="divide-y divide-line border-t border-line">
              {next.map((one) => (
                <li key={one.uuid}>
                  <Link to={`/flows/${one.uuid}`} className="flex items-baseline justify-between gap-3 px-5 py-2.5 hover:bg-sunk/60">
                    <span className="min-w-0 truncate">{one.name}</span><span className="text-sm whitespace-nowrap text-soft"><Moment at={one.at} /></span>
                  </Link>
                </li>
              ))}
            </ul>
          );
        }}
      </Answer>
    </Card>
  );
}
