import { useSession } from "~/api/client";
import { Page } from "~/ui/page";
import { useFormats } from "~/words/format";
import { home } from "~/words/home";
import { useWords } from "~/words/words";
import { LastCalls } from "./last_calls";
import { NextRuns } from "./next_runs";
import { PlanLeft } from "./plan_left";
import { Steps } from "./steps";
import { Waits } from "./waits";

function greetingAt(hour: number): "night" | "morning" | "afternoon" | "evening" {
  return hour < 5 ? "night" : hour < 12 ? "morning" : hour < 18 ? "afternoon" : "evening";
}

export default function Home() {
  const w = useWords(home);
  const f = useFormats();
  const session = useSession();
  const now = new Date();
  return (
    <Page title={w.greet(w.greetings[greetingAt(now.getHours())], session.company || session.account)} about={f.fullDay(now)}>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_19rem] lg:grid-rows-[auto_1fr]">
        <div className="flex min-w-0 flex-col gap-4">
          <Waits />
          <Steps />
        </div>
        <div className="flex min-w-0 flex-col gap-4 lg:row-span-2">
          <PlanLeft />
          <NextRuns />
        </div>
        <LastCalls />
      </div>
    </Page>
  );
}
