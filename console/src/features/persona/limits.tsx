// When a person is asked, and how far a grant goes.

import { useState } from "react";

import type { InputOf } from "~/api/client";
import { otherProblems, useWrite } from "~/api/hooks";
import { FormDialog } from "~/ui/dialog";
import { SelectField, TextField } from "~/ui/field";
import { tell } from "~/ui/toast";
import { useFormats } from "~/words/format";
import { common } from "~/words/common";
import { persona } from "~/words/persona";
import { useWords } from "~/words/words";
import { useTools, type Grant, type Persona } from "./tools";

type NewGrant = InputOf<"grant_tools">["grants"][number];
type LimitName = keyof NonNullable<Grant["limits"]>;
export const limitNames: LimitName[] = ["calls_per_minute", "points_per_day", "plan_credits_per_day", "vouchers_per_call", "contacts_per_call"];

/** Which limits mean something for which tool of Piggy's own; for others all may. */
function fitting(tools: string[]): LimitName[] {
  const all = tools.every((tool) => tool.startsWith("piggy_")) ? tools.join(" ") : "";
  if (!all) return limitNames;
  return limitNames.filter((name) => (name === "vouchers_per_call" ? all.includes("voucher")
    : name === "points_per_day" ? /credit|run_flow|undo/.test(all)
    : name === "contacts_per_call" ? /contact|segment|campaign|sequence|follow_up|voucher/.test(all) : true));
}

/** The limits of a grant in few words. */
export function useLimitText(): (grant: Grant) => string {
  const w = useWords(persona);
  const f = useFormats();
  return (grant) => limitNames
    .filter((name) => grant.limits?.[name] !== null && grant.limits?.[name] !== undefined)
    .map((name) => w.limitShort[name](f.number(grant.limits?.[name] ?? 0))).join(", ");
}

export function LimitsDialog({ of, grants, onClose }: { of: Persona; grants: Grant[]; onClose: () => void }) {
  const w = useWords(persona);
  const c = useWords(common);
  const tools = useTools();
  const one = grants.length === 1 ? grants[0] : undefined;
  const [ask, setAsk] = useState<"destructive" | "always">(one?.ask ?? "destructive");
  const [texts, setTexts] = useState<Partial<Record<LimitName, string>>>(
    Object.fromEntries(limitNames.map((name) => [name, one?.limits?.[name]?.toString() ?? ""])));
  const [wrong, setWrong] = useState<LimitName[]>([]);
  const grant = useWrite("grant_tools", {
    onDone: () => {
      tell(w.limitsSaved);
      onClose();
    },
  });
  const names = limitNames.filter((name) => texts[name] || fitting(grants.map((each) => each.tool)).includes(name));
  const writes = grants.some((each) => tools.find(each.tool)?.effect !== "read");
  const isNumber = (name: LimitName) => /^\d*$/.test(texts[name]?.trim() ?? "");
  const send = () => {
    const bad = names.filter((name) => !isNumber(name));
    setWrong(bad);
    if (bad.length > 0) return;
    const limits = Object.fromEntries(names.filter((name) => texts[name]?.trim()).map((name) => [name, Number(texts[name])]));
    grant.mutate({
      persona_uuid: of.uuid,
      grants: grants.map((each): NewGrant => ({ tool: each.tool, ask, ...(Object.keys(limits).length > 0 ? { limits } : {}) })),
    });
  };
  return (
    <FormDialog title={w.limitsOf(grants.length, one ? tools.title(one.tool) : "")} action={c.save} busy={grant.isPending}
                problems={otherProblems(grant.error, [])} onSubmit={send} onClose={onClose}>
      {!one && <p className="-mt-2 text-sm text-soft">{w.limitsReplace}</p>}
      {writes && (
        <SelectField label={w.ask} value={ask} onChange={(event) => setAsk(event.target.value === "always" ? "always" : "destructive")}>
          <option value="destructive">{w.asks.destructive}</option>
          <option value="always">{w.asks.always}</option>
        </SelectField>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        {names.map((name) => (
          <TextField key={name} label={w.limitNames[name]} hint={w.limitHints[name]} inputMode="numeric" placeholder={w.noLimit} autoComplete="off"
                     value={texts[name] ?? ""} onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
                     problem={wrong.includes(name) && !isNumber(name) ? w.wholeNumber : undefined} />
        ))}
      </div>
    </FormDialog>
  );
}
