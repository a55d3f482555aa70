import { otherProblems, useRead } from "~/api/hooks";
import { Spinner } from "~/ui/button";
import { Problems } from "~/ui/field";
import { useLater } from "~/ui/later";
import { Card } from "~/ui/page";
import { segment } from "~/words/segment";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";

/** How many contacts meet the conditions now, and who some of them are. */
export function useLiveCount(conditions: unknown) {
  const later = useLater(conditions, 350);
  return useRead("preview_segment", { conditions: later }, { keep: true });
}

export function LiveCount({ of, shown }: { of: ReturnType<typeof useLiveCount>; shown: readonly string[] }) {
  const w = useWords(segment);
  const f = useFormats();
  const problems = of.error ? otherProblems(of.error, shown) : [];
  return (
    <Card title={w.now}>
      <div aria-live="polite">
        {of.error
          ? problems.length > 0 ? <Problems of={problems} /> : <p className="text-soft">{w.notRight}</p>
          : (
            <>
              <p className="flex items-center gap-2"><span className="text-3xl font-semibold tabular-nums">{of.data ? f.number(of.data.count) : "–"}</span> {w.meet(of.data?.count ?? 0)} {of.isFetching && <Spinner />}</p>
              {of.data && of.data.sample.length > 0 && (
                <>
                  <p className="mt-4 text-sm font-medium">{w.sample}</p>
                  <ul className="mt-1 divide-y divide-line text-sm">
                    {of.data.sample.map((one) => <li key={one.uuid} className="truncate py-1.5"><a href={`/contacts/${one.uuid}`} className="hover:underline">{one.email || w.nameless}</a></li>)}
                  </ul>
                </>
              )}
            </>
          )}
      </div>
    </Card>
  );
}
