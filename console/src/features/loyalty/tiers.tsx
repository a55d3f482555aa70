import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useRehearsal, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { TextArea, TextField } from "~/ui/field";
import { Answer, Card, Empty, Notice } from "~/ui/page";
import { Effect } from "~/ui/show";
import { Table } from "~/ui/table";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { loyaltyWords } from "~/words/loyalty";
import { useWords } from "~/words/words";
import { LoyaltyPage } from "./frame";
import { numberOf } from "./number";

type Level = OutputOf<"list_tier_levels">["tiers"][number];

export default function Tiers() {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const f = useFormats();
  const [creating, setCreating] = useState(false);
  const [editing, setEditing] = useState<Level | null>(null);
  const tiers = useRead("list_tier_levels", {});
  return (
    <LoyaltyPage title={w.sections.tiers} about={w.tiersAbout} actions={<Button look="primary" icon="plus" onClick={() => setCreating(true)}>{w.newTier}</Button>}>
      <Card flush>
        <Answer of={tiers}>
          {({ tiers: all }) => (
            <Table label={w.sections.tiers} rows={[...all].reverse()} keyOf={(one) => one.uuid} onOpen={setEditing} empty={<Empty icon="insights" title={w.noTiers}>{w.noTiersAbout}</Empty>}
                   columns={[
                     { name: c.name, cell: (one) => <>{one.name}{one.description && <span className="block text-sm font-normal text-soft">{one.description}</span>}</> },
                     { name: w.threshold, number: true, cell: (one) => f.number(one.credits_required) },
                     { name: w.multiplier, number: true, cell: (one) => `× ${f.number(one.multiplier)}` },
                   ]} />
          )}
        </Answer>
      </Card>
      {editing && <EditTier tier={editing} onClose={() => setEditing(null)} />}
      {creating && <NewTier onClose={() => setCreating(false)} />}
    </LoyaltyPage>
  );
}

/** What is in the fields of a tier, as it was typed. */
interface Typed {
  name: string;
  description: string;
  required: string;
  multiplier: string;
}

/** Whose problems stand at their fields. */
const inFields = ["name", "description", "credits_required", "multiplier"];

function TierFields({ typed, onType, error }: { typed: Typed; onType: (typed: Typed) => void; error: Error | null }) {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  return (
    <>
      <TextField label={c.name} value={typed.name} autoFocus onChange={(event) => onType({ ...typed, name: event.target.value })} problem={problemOf(error, "name")} />
      <TextArea label={c.description} optional rows={2} value={typed.description} onChange={(event) => onType({ ...typed, description: event.target.value })} problem={problemOf(error, "description")} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={w.threshold} hint={w.thresholdHint} inputMode="numeric" value={typed.required} onChange={(event) => onType({ ...typed, required: event.target.value })} problem={problemOf(error, "credits_required")} />
        <TextField label={w.multiplier} hint={w.multiplierHint} inputMode="decimal" value={typed.multiplier} onChange={(event) => onType({ ...typed, multiplier: event.target.value })} problem={problemOf(error, "multiplier")} />
      </div>
      <Notice>{w.tierMoves}</Notice>
    </>
  );
}

function NewTier({ onClose }: { onClose: () => void }) {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const [typed, setTyped] = useState<Typed>({ name: "", description: "", required: "", multiplier: "1" });
  const { name, description } = typed;
  const multiplier = numberOf(typed.multiplier);
  const create = useWrite("create_tier", { onDone: () => { tell(w.tierMade); onClose(); } });
  const rehearsal = useRehearsal("create_tier");
  const error = create.error ?? rehearsal.error;
  const input = {
    name, credits_required: numberOf(typed.required) ?? ("" as unknown as number), ...(description ? { description } : {}),
    ...(multiplier === undefined ? {} : { multiplier }),
  };
  return (
    <FormDialog title={w.newTier} action={c.create} busy={create.isPending} onClose={onClose} problems={otherProblems(error, inFields)}
                onSubmit={() => create.mutate(input)}>
      <TierFields typed={typed} onType={setTyped} error={error} />
      <div><Button small icon="info" busy={rehearsal.isPending} onClick={() => rehearsal.mutate(input)}>{c.tryFirst}</Button></div>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
    </FormDialog>
  );
}

function EditTier({ tier, onClose }: { tier: Level; onClose: () => void }) {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const [typed, setTyped] = useState<Typed>({
    name: tier.name, description: tier.description ?? "", required: String(tier.credits_required), multiplier: String(tier.multiplier),
  });
  const update = useWrite("update_tier", { onDone: () => { tell(c.saved); onClose(); } });
  const rehearsal = useRehearsal("update_tier");
  const error = update.error ?? rehearsal.error;
  const input = {
    tier_uuid: tier.uuid, name: typed.name, description: typed.description,
    credits_required: numberOf(typed.required) ?? ("" as unknown as number), multiplier: numberOf(typed.multiplier) ?? ("" as unknown as number),
  };
  return (
    <FormDialog title={w.editTier} action={c.save} busy={update.isPending} onClose={onClose} problems={otherProblems(error, inFields)}
                onSubmit={() => update.mutate(input)}>
      <TierFields typed={typed} onType={setTyped} error={error} />
      <div><Button small icon="info" busy={rehearsal.isPending} onClick={() => rehearsal.mutate(input)}>{c.tryFirst}</Button></div>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
    </FormDialog>
  );
}
