import { useId, useState } from "react";

import { otherProblems, useWrite } from "~/api/hooks";
import { FormDialog } from "~/ui/dialog";
import { Badge } from "~/ui/page";
import { tell } from "~/ui/toast";
import { persona } from "~/words/persona";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";
import { groupsOf, useConnectionName } from "./tool_groups";
import { useTools, type Persona } from "./tools";

/** All tools that are not granted yet, to be granted many at once. */
export function AddTools({ of, onClose }: { of: Persona; onClose: () => void }) {
  const w = useWords(persona);
  const id = useId();
  const tools = useTools();
  const server = useServer();
  const nameOfConnection = useConnectionName();
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const grant = useWrite("grant_tools", {
    onDone: (_answer, input) => {
      tell(w.granted(input.grants.length));
      onClose();
    },
  });
  const has = new Set(of.grants.map((one) => one.tool));
  const free = tools.all.filter((one) => !has.has(one.tool));
  const words = search.trim().toLowerCase();
  const found = free.filter((one) => `${tools.title(one.tool)} ${one.tool} ${server.about(one)}`.toLowerCase().includes(words));
  const toggle = (tool: string) => {
    const next = new Set(chosen);
    if (!next.delete(tool)) next.add(tool);
    setChosen(next);
  };
  return (
    <FormDialog wide title={w.addTools} action={w.grantChosen(chosen.size)} disabled={chosen.size === 0} busy={grant.isPending}
                problems={otherProblems(grant.error, [])} onClose={onClose}
                onSubmit={() => grant.mutate({ persona_uuid: of.uuid, grants: [...chosen].map((tool) => ({ tool })) })}>
      <div>
        <label htmlFor={id} className="sr-only">{w.findTool}</label>
        <input id={id} type="search" placeholder={w.findTool} value={search} onChange={(event) => setSearch(event.target.value)}
               className="w-full rounded-lg border border-edge/70 bg-paper px-3 py-2 placeholder:text-soft" />
      </div>
      <div className="h-[50dvh] overflow-y-auto rounded-xl border border-line" tabIndex={0} role="region" aria-label={w.tools}>
        {found.length === 0 && <p className="px-4 py-10 text-center text-soft">{free.length === 0 ? w.allGranted : w.noToolFound}</p>}
        {groupsOf(found, (one) => one.connection).map((group) => (
          <fieldset key={group.connection}>
            <legend className="float-left w-full border-b border-line bg-sunk px-4 py-1.5 text-sm font-medium">{nameOfConnection(group.connection)}</legend>
            <ul className="clear-both divide-y divide-line border-b border-line">
              {group.rows.map((one) => (
                <li key={one.tool}>
                  <label className="flex items-start gap-3 px-4 py-2.5 hover:bg-sunk/60">
                    <input type="checkbox" checked={chosen.has(one.tool)} onChange={() => toggle(one.tool)} className="mt-1 size-4 shrink-0 accent-pink" />
                    <span className="min-w-0 grow">
                      <span className="flex flex-wrap items-center gap-x-2"><span className="font-medium">{tools.title(one.tool)}</span>
                        {one.effect !== "read" && <Badge tone={one.effect === "destructive" ? "bad" : "plain"}>{one.effect === "destructive" ? w.effects.destructive : w.effects.write}</Badge>}
                      </span>
                      <span className="line-clamp-2 text-sm text-soft">{server.about(one)}</span>
                    </span>
                    <span className="text-sm whitespace-nowrap text-soft">{w.credits(one.price)}</span>
                  </label>
                </li>
              ))}
            </ul>
          </fieldset>
        ))}
      </div>
    </FormDialog>
  );
}
