import { useRead } from "~/api/hooks";
import { join } from "~/ui/class";
import { Answer, Badge, Card } from "~/ui/page";
import { useFormats } from "~/words/format";
import { home } from "~/words/home";
import { useLanguage, useWords } from "~/words/words";

/** What is left of the month's plan credits. */
export function PlanLeft() {
  const w = useWords(home);
  const f = useFormats();
  const language = useLanguage();
  const plan = useRead("get_plan", {});
  return (
    <Card title={w.plan} actions={plan.data && <Badge>{plan.data.title}</Badge>}>
      <Answer of={plan}>
        {(of) => {
          const month = new Date(`${of.month}-15T12:00:00Z`).toLocaleDateString(language, { month: "long" });
          const share = of.credits_per_month > 0 ? Math.min(1, of.used / of.credits_per_month) : 1;
          const tone = of.left <= 0 ? "bad" : share > 0.9 ? "warn" : "good";
          return (
            <>
              <p><span className="text-3xl font-semibold tracking-tight tabular-nums">{f.number(of.left)}</span> <span className="text-soft">{w.left(month)}</span></p>
              <div role="meter" aria-label={w.plan} aria-valuemin={0} aria-valuemax={of.credits_per_month} aria-valuenow={Math.min(of.used, of.credits_per_month)}
                   aria-valuetext={w.used(f.number(of.used), f.number(of.credits_per_month))} className="mt-3 h-2 overflow-hidden rounded-full bg-sunk ring-1 ring-line ring-inset">
                <div className={join("h-full rounded-full", tone === "bad" ? "bg-bad" : tone === "warn" ? "bg-warn" : "bg-pink")} style={{ width: `${share * 100}%` }} />
              </div>
              <p className="mt-2 text-sm text-soft">
                {w.used(f.number(of.used), f.number(of.credits_per_month))}{of.pack_credits > 0 && `, ${w.packs(f.number(of.pack_credits))}`}
              </p>
              {of.left <= 0 && <p className="mt-2 text-sm font-medium text-bad">{w.noneLeft}</p>}
              {of.left > 0 && of.used >= of.credits_per_month && <p className="mt-2 text-sm font-medium text-warn">{w.overMonth}</p>}
            </>
          );
        }}
      </Answer>
    </Card>
  );
}
