import { readable } from "~/words/readable";
import { useFormats } from "~/words/format";
import { useServer } from "~/words/server";

/** Why, and how many; the most first. */
export function Reasons({ title, of }: { title: string; of: { reason: string; count: number }[] }) {
  const f = useFormats();
  const server = useServer();
  if (of.length === 0) return null;
  return (
    <div>
      <h3 className="text-sm font-medium">{title}</h3>
      <ul className="mt-1 divide-y divide-line">
        {[...of].sort((one, other) => other.count - one.count).map((one) => (
          <li key={one.reason} className="flex justify-between gap-4 py-1.5 text-sm"><span>{server.say(readable(one.reason))}</span><span className="tabular-nums">{f.number(one.count)}</span></li>
        ))}
      </ul>
    </div>
  );
}
