import { IconButton } from "~/ui/button";
import { Badge } from "~/ui/page";
import { persona } from "~/words/persona";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";
import { useLimitText } from "./limits";
import { type Grant, type ToolInfo } from "./tools";

export function GrantRow({ grant, info, chosen, may, onChoose, onEdit }: {
  grant: Grant; info: ToolInfo | undefined; chosen: boolean; may: boolean; onChoose: (on: boolean) => void; onEdit: () => void;
}) {
  const w = useWords(persona);
  const limits = useLimitText()(grant);
  const title = useServer().title(grant.tool, info);
  const effect = info?.effect ?? "write";
  // Over its calls a minute a call is refused; over the other limits a person is asked.
  const asksOver = Object.entries(grant.limits ?? {}).some(([name, limit]) => name !== "calls_per_minute" && limit !== null);
  const asks = effect !== "read" && grant.ask === "always" || effect === "destructive" ? w.asksShort.always : asksOver ? w.asksShort.destructive : "";
  return (
    <li className="flex items-start gap-3 px-4 py-2.5 hover:bg-sunk/40">
      {may && <input type="checkbox" checked={chosen} aria-label={w.choose(title)} onChange={(event) => onChoose(event.target.checked)} className="mt-1 size-4 shrink-0 accent-pink" />}
      <div className="grid min-w-0 grow gap-x-6 gap-y-1 md:grid-cols-[minmax(14rem,1.4fr)_1fr_1fr_7rem]">
        <div className="min-w-0">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5 font-medium">
            {title}{effect === "destructive" && <Badge tone="bad">{w.effects.destructive}</Badge>}{effect === "read" && <Badge tone="info">{w.effects.read}</Badge>}
          </span>
          <code className="block truncate font-mono text-xs text-soft">{grant.tool}</code>
        </div>
        <dl className="flex flex-wrap gap-x-4 text-sm md:contents">
          <div className="relative text-sm"><dt className="sr-only">{w.limits}</dt><dd>{limits || <span className="text-soft">{w.noLimit}</span>}</dd></div>
          <div className="relative text-sm"><dt className="sr-only">{w.ask}</dt><dd>{asks ? <span>{w.asked(asks)}</span> : <span className="text-soft">{w.asksNever}</span>}</dd></div>
          <div className="relative text-sm md:text-right"><dt className="sr-only">{w.price}</dt><dd className="whitespace-nowrap">{info ? w.credits(info.price) : "–"}</dd></div>
        </dl>
      </div>
      {may && <IconButton icon="edit" label={`${w.setLimits}: ${title}`} onClick={onEdit} className="-my-1" />}
    </li>
  );
}
