import { Page } from "~/ui/page";
import { insight } from "~/words/insight";
import { useWords } from "~/words/words";
import { Cohorts } from "./cohorts";
import { Loyalty } from "./loyalty";
import { Mails } from "./mails";
import { PeriodPicker, usePeriod } from "./period";
import { Personas } from "./personas";
import { Tiers } from "./tiers";

export default function Insights() {
  const w = useWords(insight);
  const [period, setPeriod] = usePeriod();
  return (
    <Page title={w.title} about={w.about} actions={<PeriodPicker period={period} onChange={setPeriod} />}>
      <div className="flex flex-col gap-4">
        <Loyalty period={period} />
        <Cohorts period={period} />
        <Tiers period={period} />
        <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
          <Mails period={period} />
          <Personas period={period} />
        </div>
      </div>
    </Page>
  );
}

