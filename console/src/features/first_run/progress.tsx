import { join } from "~/ui/class";
import { Icon } from "~/ui/icon";
import { firstRun as texts } from "~/words/first_run";
import { useWords } from "~/words/words";

type Step = keyof (typeof texts)["en"]["steps"];
const steps: Step[] = ["owner", "shop", "fill", "connect", "talk"];

/** Where one is in the first run. `done` names what is behind one, in whatever order it was done. */
export function Progress({ done, now }: { done: Step[]; now: Step | undefined }) {
  const w = useWords(texts);
  return (
    <ol aria-label={w.progress} className="mb-6 flex gap-1.5 sm:gap-3">
      {steps.map((step, at) => {
        const behind = done.includes(step);
        const here = step === now;
        return (
          <li key={step} aria-current={here ? "step" : undefined} className="flex min-w-0 grow basis-0 flex-col gap-1.5">
            <span className={join("h-1.5 rounded-full", behind ? "bg-good" : here ? "bg-pink" : "bg-line")} />
            <span className={join("flex items-center gap-1 text-sm", here ? "font-semibold" : "text-soft")}>
              {behind ? <Icon name="check" className="size-4 text-good" /> : <span className="tabular-nums">{at + 1}</span>}
              <span className="sr-only sm:not-sr-only sm:truncate">{w.steps[step]}</span>
              {behind && <span className="sr-only">({w.done})</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
