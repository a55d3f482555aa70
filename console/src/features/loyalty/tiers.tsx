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
                     { name: c.name, cell: (one) => one.name },
                     { name: c.description, cell: (one) => one.description || "–" },
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

function NewTier({ onClose }: { onClose: () => void }) {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [required, setRequired] = useState("");
  const [multiplier, setMultiplier] = useState("1");
  const create = useWrite("create_tier", { onDone: () => { tell(w.tierMade); onClose(); } });
  const rehearsal = useRehearsal("create_tier");
  const error = create.error ?? rehearsal.error;
  const input = {
    name, credits_required: numberOf(required) ?? ("" as unknown as number), ...(description ? { description } : {}),
    ...(numberOf(multiplier) === undefined ? {} : { multiplier: numberOf(multiplier)! }),
  };
  return (
    <FormDialog title={w.newTier} action={c.create} busy={create.isPending} onClose={onClose} problems={otherProblems(error, ["name", "description", "credits_required", "multiplier"])}
                onSubmit={() => create.mutate(input)}>
      <TextField label={c.name} value={name} autoFocus onChange={(event) => setName(event.target.value)} problem={problemOf(error, "name")} />
      <TextArea label={c.description} optional rows={2} value={description} onChange={(event) => setDescription(event.target.value)} problem={problemOf(error, "description")} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={w.threshold} hint={w.thresholdHint} inputMode="numeric" value={required} onChange={(event) => setRequired(event.target.value)} problem={problemOf(error, "credits_required")} />
        <TextField label={w.multiplier} hint={w.multiplierHint} inputMode="decimal" value={multiplier} onChange={(event) => setMultiplier(event.target.value)} problem={problemOf(error, "multiplier")} />
      </div>
      <Notice>{w.tierMoves}</Notice>
      <div><Button small icon="info" busy={rehearsal.isPending} onClick={() => rehearsal.mutate(input)}>{c.tryFirst}</Button></div>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
    </FormDialog>
  );
}

function EditTier({ tier, onClose }: { tier: Level; onClose: () => void }) {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const [name, setName] = useState(tier.name);
  const [description, setDescription] = useState(tier.description ?? "");
  const [required, setRequired] = useState(String(tier.credits_required));
  const [multiplier, setMultiplier] = useState(String(tier.multiplier));
  const update = useWrite("update_tier", { onDone: () => { tell(c.saved); onClose(); } });
  const rehearsal = useRehearsal("update_tier");
  const error = update.error ?? rehearsal.error;
  const input = {
    tier_uuid: tier.uuid, name, description, credits_required: numberOf(required) ?? ("" as unknown as number), multiplier: numberOf(multiplier) ?? ("" as unknown as number),
  };
  return (
    <FormDialog title={w.editTier} action={c.save} busy={update.isPending} onClose={onClose} problems={otherProblems(error, ["name", "description", "credits_required", "multiplier"])}
                onSubmit={() => update.mutate(input)}>
      <TextField label={c.name} value={name} autoFocus onChange={(event) => setName(event.target.value)} problem={problemOf(error, "name")} />
      <TextArea label={c.description} optional rows={2} value={description} onChange={(event) => setDescription(event.target.value)} problem={problemOf(error, "description")} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={w.threshold} hint={w.thresholdHint} inputMode="numeric" value={required} onChange={(event) => setRequired(event.target.value)} problem={problemOf(error, "credits_required")} />
        <TextField label={w.multiplier} hint={w.multiplierHint} inputMode="decimal" value={multiplier} onChange={(event) => setMultiplier(event.target.value)} problem={problemOf(error, "multiplier")} />
      </div>
      <Notice>{w.tierMoves}</Notice>
      <div><Button small icon="info" busy={rehearsal.isPending} onClick={() => rehearsal.mutate(input)}>{c.tryFirst}</Button></div>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
    </FormDialog>
  );
}
