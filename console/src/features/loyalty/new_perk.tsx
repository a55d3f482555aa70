import { useState } from "react";

import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import { Button, IconButton } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { SelectField, TextField } from "~/ui/field";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { loyaltyWords } from "~/words/loyalty";
import { useWords } from "~/words/words";

interface Option {
  key: number;
  label: string;
  value: string;
}

export function NewPerk({ onClose }: { onClose: () => void }) {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const [label, setLabel] = useState("");
  const [name, setName] = useState("");
  const [kind, setKind] = useState<"single_select" | "boolean">("boolean");
  const [options, setOptions] = useState<Option[]>([{ key: 1, label: "", value: "" }, { key: 2, label: "", value: "" }]);
  const [chosen, setChosen] = useState(1);
  const create = useWrite("create_perk", { onDone: () => { tell(w.perkMade); onClose(); } });
  const all = kind === "boolean"
    ? [{ label: c.yes, value: true, default: chosen === 2 }, { label: c.no, value: false, default: chosen !== 2 }]
    : options.map((one) => ({ label: one.label, value: one.value, default: one.key === chosen }));
  const change = (key: number, next: Partial<Option>) => setOptions(options.map((one) => (one.key === key ? { ...one, ...next } : one)));
  return (
    <FormDialog title={w.newPerk} action={c.create} wide busy={create.isPending} onClose={onClose} problems={otherProblems(create.error, ["label", "name", ...options.flatMap((_, at) => [`options.${at}.label`, `options.${at}.value`])])}
                onSubmit={() => create.mutate({ label, name, data_type: kind, options: all })}>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={c.name} value={label} autoFocus onChange={(event) => setLabel(event.target.value)} problem={problemOf(create.error, "label")} />
        <TextField label={w.programName} hint={w.perkNameHint} value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(create.error, "name")} />
      </div>
      <SelectField label={w.kind} value={kind} onChange={(event) => { setKind(event.target.value as typeof kind); setChosen(1); }}>
        <option value="boolean">{w.perkKinds.boolean}</option>
        <option value="single_select">{w.perkKinds.single_select}</option>
      </SelectField>
      {kind === "boolean"
        ? (
          <SelectField label={w.everyTierHas} value={chosen} onChange={(event) => setChosen(Number(event.target.value))}>
            <option value={1}>{c.no}</option>
            <option value={2}>{c.yes}</option>
          </SelectField>
        )
        : (
          <fieldset className="flex flex-col gap-2">
            <legend className="mb-1 text-sm font-medium">{w.options}</legend>
            {options.map((one, at) => (
              <div key={one.key} className="flex flex-wrap items-end gap-2">
                <div className="grid grow grid-cols-2 gap-2">
                  <TextField label={w.optionLabel(at + 1)} value={one.label} onChange={(event) => change(one.key, { label: event.target.value })} problem={problemOf(create.error, `options.${at}.label`)} />
                  <TextField label={w.optionValue(at + 1)} value={one.value} onChange={(event) => change(one.key, { value: event.target.value })} problem={problemOf(create.error, `options.${at}.value`)} />
                </div>
                <label className="flex min-h-10 items-center gap-2 text-sm">
                  <input type="radio" name="default" className="size-4 accent-pink" checked={one.key === chosen} onChange={() => setChosen(one.key)} />{w.default}
                </label>
                <IconButton icon="trash" label={`${c.remove}: ${w.optionLabel(at + 1)}`} disabled={options.length < 2} onClick={() => setOptions(options.filter((other) => other !== one))} />
              </div>
            ))}
            <div><Button small icon="plus" onClick={() => setOptions([...options, { key: Math.max(...options.map((one) => one.key)) + 1, label: "", value: "" }])}>{w.addOption}</Button></div>
          </fieldset>
        )}
    </FormDialog>
  );
}
