import { campaign } from "~/words/campaign";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";

/** Why a contact gets no mail, or no more of a sequence: the server's word for it as people say it. */
export function useReason(): (reason: string) => string {
  const w = useWords(campaign);
  return (reason) => w.reasonNames[reason] ?? reason.replaceAll("_", " ");
}

/** Why, and how many; the most first. */
export function Reasons({ title, of }: { title?: string; of: { reason: string; count: number }[] }) {
  const said = useReason();
  const f = useFormats();
  if (of.length === 0) return null;
  return (
    <div>
      {title && <h3 className="mb-1 text-sm font-medium">{title}</h3>}
      <ul className={title ? "divide-y divide-line" : "-my-1.5 divide-y divide-line"}>
        {[...of].sort((one, other) => other.count - one.count).map((one) => (
          <li key={one.reason} className="flex justify-between gap-4 py-1.5 text-sm"><span className="inline-block first-letter:uppercase">{said(one.reason)}</span><span className="tabular-nums">{f.number(one.count)}</span></li>
        ))}
      </ul>
    </div>
  );
}
