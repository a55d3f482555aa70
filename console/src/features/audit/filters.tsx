// What is looked for. It stands in the address, so that a search can be kept, sent, and gone back to.

import { useState, type ReactNode } from "react";

import { PiggyError, piggy, type InputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import { type Asked } from "~/app/address";
import { Button } from "~/ui/button";
import { join } from "~/ui/class";
import { SelectField, TextField } from "~/ui/field";
import { tellProblem } from "~/ui/toast";
import { audit as texts } from "~/words/audit";
import { useWords } from "~/words/words";

type Input = InputOf<"list_audit_calls">;
const filters = ["person", "persona", "tool", "door", "outcome", "contact", "from", "until"] as const;
type Filter = (typeof filters)[number];

const doors = ["rest", "mcp", "command", "job", "chat", "flow"] as const;
const outcomes = ["done", "refused", "rehearsed", "waiting", "replayed"] as const;
const one_of = <Choice extends string>(choices: readonly Choice[], said: string | undefined) => choices.find((one) => one === said) ?? null;

/** A day of the reader's calendar as its first moment; `after` so many days later. */
function moment(day: string | undefined, after = 0): string | null {
  const time = day ? new Date(`${day}T00:00:00`) : undefined;
  if (!time || Number.isNaN(time.getTime())) return null;
  time.setDate(time.getDate() + after);
  return time.toISOString();
}

export function inputOf(asked: Asked): Input {
  const made_at = { gte: moment(asked["from"]), lt: moment(asked["until"], 1) };
  return {
    person: asked["person"] ?? null, persona_uuid: asked["persona"] ?? null, contact_uuid: asked["contact"] ?? null,
    // A tool of this Piggy is on record by its operation's own name.
    operation: asked["tool"]?.trim().replace(/^piggy_/, "") ?? null,
    door: one_of(doors, asked["door"]), outcome: one_of(outcomes, asked["outcome"]),
    ...(made_at.gte || made_at.lt ? { made_at } : {}),
  };
}

export function isFiltered(asked: Asked): boolean {
  return filters.some((one) => asked[one]);
}

/** A contact is looked for by address or by number; on record are numbers. */
async function contactOf(text: string): Promise<string> {
  if (!text.includes("@")) return text;
  return (await piggy.call("find_contact", { email: text })).uuid;
}

export function Filters({ asked, ask }: { asked: Asked; ask: (next: Asked) => void }) {
  const w = useWords(texts);
  const personas = useRead("list_personas", {});
  const read = () => Object.fromEntries(filters.map((one) => [one, asked[one] ?? ""])) as Record<Filter, string>;
  const [typed, setTyped] = useState(read);
  const [problem, setProblem] = useState<string>();
  const set = (name: Filter, value: string) => setTyped({ ...typed, [name]: value });
  const text = (name: Filter) => ({ value: typed[name], onChange: (event: { target: { value: string } }) => set(name, event.target.value) });
  /** A choice is looked for at once; what is typed, when it is sent. */
  const choice = (name: Filter) => ({
    value: typed[name],
    onChange: (event: { target: { value: string } }) => {
      set(name, event.target.value);
      ask({ [name]: event.target.value });
    },
  });
  const send = async () => {
    setProblem(undefined);
    try {
      const contact = typed.contact.trim() ? await contactOf(typed.contact.trim()) : "";
      setTyped({ ...typed, contact });
      ask({ ...typed, person: typed.person.trim(), tool: typed.tool.trim(), contact });
    } catch (error) {
      if (error instanceof PiggyError && error.status === 404) setProblem(w.contactUnknown(typed.contact));
      else tellProblem(error);
    }
  };
  const clear = () => {
    const nothing = Object.fromEntries(filters.map((one) => [one, ""])) as Record<Filter, string>;
    setTyped(nothing);
    setProblem(undefined);
    ask(nothing);
  };
  // Where it is narrow, the list is not to begin below eight fields.
  const [all, setAll] = useState(false);
  const any = <option value="">{w.any}</option>;
  const select = (name: Filter, label: string, options: ReactNode) => <SelectField label={label} {...choice(name)}>{any}{options}</SelectField>;
  return (
    <form noValidate aria-label={w.filters} className="grid items-start gap-3 px-5 py-4 sm:grid-cols-2 md:grid-cols-4"
          onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <TextField label={w.person} placeholder={w.personHint} {...text("person")} />
      <TextField label={w.tool} placeholder={w.toolHint} {...text("tool")} spellCheck={false} />
      <TextField label={w.contact} placeholder={w.contactHint} {...text("contact")} problem={problem} />
      <Button className="sm:hidden" look="quiet" aria-expanded={all} icon={all ? "close" : "down"} onClick={() => setAll(!all)}>{w.moreFilters}</Button>
      <div className={join("contents", !all && "max-sm:hidden")}>
        {select("persona", w.persona, personas.data?.personas.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>))}
        {select("door", w.door, doors.map((one) => <option key={one} value={one}>{w.doors[one]}</option>))}
        {select("outcome", w.outcome, outcomes.map((one) => <option key={one} value={one}>{w.outcomes[one]}</option>))}
        <TextField label={w.from} type="date" {...choice("from")} />
        <TextField label={w.until} type="date" {...choice("until")} />
      </div>
      <div className="col-span-full flex flex-wrap justify-end gap-2">
        {isFiltered(asked) && <Button look="quiet" onClick={clear}>{w.clear}</Button>}
        <Button type="submit" icon="search">{w.apply}</Button>
      </div>
    </form>
  );
}
