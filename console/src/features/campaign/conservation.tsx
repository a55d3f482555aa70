import { join } from "~/ui/class";
import { campaign } from "~/words/campaign";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";

const tones = { good: "bg-good", warn: "bg-warn", bad: "bg-bad", info: "bg-info", plain: "bg-edge" } as const;

export interface Part {
  name: string;
  count: number;
  tone: keyof typeof tones;
}

/** Everybody who was selected is in one part of it, and none is lost. */
export function Conservation({ total, parts }: { total: number; parts: Part[] }) {
  const w = useWords(campaign);
  const f = useFormats();
  const sum = parts.reduce((all, part) => all + part.count, 0);
  const some = parts.filter((part) => part.count > 0);
  return (
    <figure>
      <figcaption className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-2xl font-semibold tabular-nums">{f.number(total)}</span>
        <span className="text-soft">{w.selected.toLowerCase()} = {(some.length > 0 ? some : parts.slice(0, 1)).map((part) => `${f.number(part.count)} ${part.name.toLowerCase()}`).join(" + ")}</span>
      </figcaption>
      <div aria-hidden="true" className="mt-3 flex h-5 gap-0.5 overflow-hidden rounded-full bg-sunk">
        {some.map((part) => <span key={part.name} className={join("h-full", tones[part.tone])} style={{ width: `${(part.count / Math.max(sum, 1)) * 100}%` }} />)}
      </div>
      <ul className="mt-3 flex flex-wrap gap-x-5 gap-y-1.5 text-sm">
        {some.map((part) => (
          <li key={part.name} className="flex items-center gap-2">
            <span aria-hidden="true" className={join("size-3 rounded-sm", tones[part.tone])} />
            {part.name} <strong className="tabular-nums">{f.number(part.count)}</strong>
            <span className="text-soft">{f.percent(part.count / sum)}</span>
          </li>
        ))}
      </ul>
      {sum !== total && <p className="mt-2 text-sm font-medium text-bad">{w.doesNotAddUp}</p>}
    </figure>
  );
}
