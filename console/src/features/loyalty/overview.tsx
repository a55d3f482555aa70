import { Link } from "@tanstack/react-router";
import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { CheckField, SelectField, TextField } from "~/ui/field";
import { Icon } from "~/ui/icon";
import { Answer, Badge, Card } from "~/ui/page";
import { Facts, Table } from "~/ui/table";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { loyaltyWords } from "~/words/loyalty";
import { useWords } from "~/words/words";
import { LoyaltyPage, sections } from "./frame";
import { numberOf } from "./number";

type Program = OutputOf<"get_loyalty_program">;

export default function Overview() {
  const w = useWords(loyaltyWords);
  return (
    <LoyaltyPage title={w.loyalty} about={w.loyaltyAbout}>
      <div className="grid grid-cols-1 gap-5 lg:grid-cols-2">
        <ProgramCard />
        <Units />
      </div>
      <ul className="mt-5 grid gap-3 sm:grid-cols-2 xl:grid-cols-5">
        {sections.filter((one) => one.name !== "overview").map(({ name, to, icon }) => (
          <li key={name}>
            <Link to={to} className="flex h-full items-start gap-3 rounded-2xl border border-line bg-paper p-4 hover:border-edge xl:flex-col">
              <span className="grid size-10 shrink-0 place-items-center rounded-full bg-blush text-pink"><Icon name={icon} /></span>
              <span>
                <span className="block font-semibold">{w.sections[name]}</span>
                <span className="block text-sm text-pretty text-soft">{w.sectionsAbout[name]}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </LoyaltyPage>
  );
}

function ProgramCard() {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const f = useFormats();
  const program = useRead("get_loyalty_program", {});
  const [editing, setEditing] = useState(false);
  return (
    <Card title={w.program} actions={program.data && <Button small icon="edit" onClick={() => setEditing(true)}>{c.edit}</Button>}>
      <Answer of={program}>
        {(data) => (
          <>
            <Facts of={[
              [c.name, data.name],
              [w.creditName, data.custom_credit_name || w.creditNameNone],
              [w.maxAmount, f.number(data.max_amount)],
            ]} />
            {editing && <EditProgram program={data} onClose={() => setEditing(false)} />}
          </>
        )}
      </Answer>
    </Card>
  );
}

function EditProgram({ program, onClose }: { program: Program; onClose: () => void }) {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const [name, setName] = useState(program.name);
  const [credit, setCredit] = useState(program.custom_credit_name);
  const [max, setMax] = useState(String(program.max_amount));
  const [negative, setNegative] = useState("");
  const update = useWrite("update_loyalty_program", { onDone: () => { tell(c.saved); onClose(); } });
  return (
    <FormDialog title={w.program} action={c.save} busy={update.isPending} onClose={onClose}
                problems={otherProblems(update.error, ["name", "custom_credit_name", "max_amount", "allows_negative"])}
                onSubmit={() => update.mutate({ name, custom_credit_name: credit, max_amount: numberOf(max) ?? null,
                                                ...(negative ? { allows_negative: negative === "yes" } : {}) })}>
      <TextField label={c.name} value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(update.error, "name")} />
      <TextField label={w.creditName} hint={w.creditNameHint} optional value={credit} onChange={(event) => setCredit(event.target.value)} problem={problemOf(update.error, "custom_credit_name")} />
      <TextField label={w.maxAmount} hint={w.maxAmountHint} inputMode="numeric" value={max} onChange={(event) => setMax(event.target.value)} problem={problemOf(update.error, "max_amount")} />
      <SelectField label={w.negative} hint={w.negativeHint} value={negative} onChange={(event) => setNegative(event.target.value)} problem={problemOf(update.error, "allows_negative")}>
        <option value="">{w.asItIs}</option>
        <option value="yes">{c.yes}</option>
        <option value="no">{c.no}</option>
      </SelectField>
    </FormDialog>
  );
}

function Units() {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const units = useRead("list_units", {});
  const [adding, setAdding] = useState(false);
  return (
    <Card flush title={w.units} about={w.unitsAbout} actions={<Button small icon="plus" onClick={() => setAdding(true)}>{w.addUnit}</Button>}>
      <Answer of={units}>
        {({ units: all }) => (
          <Table label={w.units} rows={all} keyOf={(one) => one.name}
                 columns={[
                   { name: c.name, cell: (one) => <>{one.label} {one.is_default && <Badge>{w.default}</Badge>}</> },
                   { name: w.programName, cell: (one) => <code className="font-mono text-sm">{one.name}</code> },
                 ]} />
        )}
      </Answer>
      {adding && <AddUnit onClose={() => setAdding(false)} />}
    </Card>
  );
}

function AddUnit({ onClose }: { onClose: () => void }) {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const [label, setLabel] = useState("");
  const [name, setName] = useState("");
  const [prefix, setPrefix] = useState("");
  const [isDefault, setDefault] = useState(false);
  const create = useWrite("create_unit", { onDone: () => { tell(w.unitAdded); onClose(); } });
  return (
    <FormDialog title={w.addUnit} action={c.add} busy={create.isPending} onClose={onClose} problems={otherProblems(create.error, ["name", "label", "prefix"])}
                onSubmit={() => create.mutate({ name, label, is_default: isDefault, ...(prefix ? { prefix } : {}) })}>
      <p className="text-soft">{w.unitFinal}</p>
      <TextField label={c.name} value={label} autoFocus onChange={(event) => setLabel(event.target.value)} problem={problemOf(create.error, "label")} />
      <TextField label={w.programName} hint={w.programNameHint} value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(create.error, "name")} />
      <TextField label={w.prefix} optional value={prefix} onChange={(event) => setPrefix(event.target.value)} problem={problemOf(create.error, "prefix")} />
      <CheckField label={w.makeDefault} checked={isDefault} onChange={(event) => setDefault(event.target.checked)} />
    </FormDialog>
  );
}
