import { useId, useState } from "react";

import { otherProblems, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { Card, Empty } from "~/ui/page";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { persona } from "~/words/persona";
import { useWords } from "~/words/words";
import { AddTools } from "./add_tools";
import { GrantRow } from "./grant_row";
import { LimitsDialog } from "./limits";
import { groupsOf, useConnectionName } from "./tool_groups";
import { useMayAct, useTools, type Grant, type Persona } from "./tools";

const namesShown = 8;

function RemoveDialog({ of, grants, onClose, onDone }: { of: Persona; grants: Grant[]; onClose: () => void; onDone: () => void }) {
  const w = useWords(persona);
  const tools = useTools();
  const revoke = useWrite("revoke_tools", {
    onDone: () => {
      tell(w.removed(grants.length));
      onDone();
      onClose();
    },
  });
  return (
    <FormDialog danger title={w.removeTitle(grants.length)} action={w.remove} busy={revoke.isPending} problems={otherProblems(revoke.error, [])} onClose={onClose}
                onSubmit={() => revoke.mutate({ persona_uuid: of.uuid, tools: grants.map((one) => one.tool) })}>
      <p>{w.removeAbout(of.name)}</p>
      <ul className="list-disc pl-5">
        {grants.slice(0, namesShown).map((one) => <li key={one.tool}>{tools.title(one.tool)}</li>)}
        {grants.length > namesShown && <li>+ {grants.length - namesShown}</li>}
      </ul>
    </FormDialog>
  );
}

/** What it may use, by connection, each within limits. */
export function Grants({ of }: { of: Persona }) {
  const w = useWords(persona);
  const c = useWords(common);
  const id = useId();
  const may = useMayAct();
  const tools = useTools();
  const nameOfConnection = useConnectionName();
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<"add" | "limits" | "remove" | Grant | null>(null);
  const words = search.trim().toLowerCase();
  const found = of.grants.filter((one) => `${tools.title(one.tool)} ${one.tool}`.toLowerCase().includes(words));
  const picked = of.grants.filter((one) => chosen.has(one.tool));
  const set = (names: string[], on: boolean) => {
    const next = new Set(chosen);
    for (const name of names) {
      if (on) next.add(name);
      else next.delete(name);
    }
    setChosen(next);
  };
  const close = () => setDialog(null);
  const add = may && <Button look="primary" icon="plus" onClick={() => setDialog("add")}>{w.addTools}</Button>;
  return (
    <>
      {of.grants.length === 0
        ? <Card><Empty icon="tool" title={w.noGrants} action={add}>{w.noGrantsAbout}</Empty></Card>
        : (
          <Card flush>
            <div className="flex flex-wrap items-center gap-3 border-b border-line p-3">
              <div className="min-w-40 grow sm:max-w-xs">
                <label htmlFor={id} className="sr-only">{w.findTool}</label>
                <input id={id} type="search" placeholder={w.findTool} value={search} onChange={(event) => setSearch(event.target.value)}
                       className="min-h-10 w-full rounded-lg border border-edge/70 bg-paper px-3 placeholder:text-soft" />
              </div>
              <div className="ml-auto flex flex-wrap items-center gap-2">
                {picked.length > 0 && (
                  <>
                    <span className="text-sm text-soft" role="status">{w.chosen(picked.length)}</span>
                    <Button icon="shield" onClick={() => setDialog("limits")}>{w.setLimits}</Button>
                    <Button look="danger" icon="trash" onClick={() => setDialog("remove")}>{w.remove}</Button>
                  </>
                )}
                {add}
              </div>
            </div>
            {found.length === 0 && <Empty icon="search" title={w.noToolFound} />}
            {groupsOf(found, (one) => tools.find(one.tool)?.connection ?? "?").map((group) => {
              const names = group.rows.map((one) => one.tool);
              const all = names.every((name) => chosen.has(name));
              const title = group.connection === "?" ? w.goneTool : nameOfConnection(group.connection);
              return (
                <section key={group.connection} aria-label={title}>
                  <h2 className="flex items-center gap-3 border-b border-line bg-sunk/60 px-4 py-2 text-sm font-medium">
                    {may && (
                      <input type="checkbox" checked={all} aria-label={`${c.selectAll}: ${title}`} className="size-4 accent-pink"
                             ref={(box) => { if (box) box.indeterminate = !all && names.some((name) => chosen.has(name)); }}
                             onChange={() => set(names, !all)} />
                    )}
                    {title} <span className="font-normal text-soft">{w.toolCount(group.rows.length)}</span>
                  </h2>
                  <ul className="divide-y divide-line border-b border-line last:border-b-0">
                    {group.rows.map((one) => (
                      <GrantRow key={one.tool} grant={one} info={tools.find(one.tool)} chosen={chosen.has(one.tool)} may={may}
                                onChoose={(on) => set([one.tool], on)} onEdit={() => setDialog(one)} />
                    ))}
                  </ul>
                </section>
              );
            })}
          </Card>
        )}
      {dialog === "add" && <AddTools of={of} onClose={close} />}
      {dialog === "limits" && <LimitsDialog of={of} grants={picked} onClose={close} />}
      {dialog === "remove" && <RemoveDialog of={of} grants={picked} onClose={close} onDone={() => setChosen(new Set())} />}
      {dialog !== null && typeof dialog === "object" && <LimitsDialog of={of} grants={[dialog]} onClose={close} />}
    </>
  );
}
