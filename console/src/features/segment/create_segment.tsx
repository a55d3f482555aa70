import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import { FormDialog } from "~/ui/dialog";
import { CheckField, TextField } from "~/ui/field";
import { campaign } from "~/words/campaign";
import { segment } from "~/words/segment";
import { useWords } from "~/words/words";
import { ConditionNode } from "./condition_builder";
import { newLeaf } from "./condition_model";
import { LiveCount, useLiveCount } from "./live_count";

export function CreateSegment({ onClose }: { onClose: () => void }) {
  const w = useWords(segment);
  const c = useWords(campaign);
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [byHand, setByHand] = useState(false);
  const [conditions, setConditions] = useState<unknown>({ all: [newLeaf("balance", "number")] });
  const create = useWrite("create_segment", { onDone: (made) => void navigate({ to: `/marketing/segments/${made.uuid}` }) });
  const error = create.error;
  return (
    <FormDialog title={w.create} action={w.create} wide busy={create.isPending} onClose={onClose} problems={otherProblems(error, ["name", "description"]).filter((one) => byHand || !one.startsWith("conditions"))}
                onSubmit={() => create.mutate({ name, ...(description ? { description } : {}), ...(byHand ? {} : { conditions }) })}>
      <TextField label={c.name} value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(error, "name")} />
      <TextField label={w.description} optional value={description} onChange={(event) => setDescription(event.target.value)} problem={problemOf(error, "description")} />
      <CheckField label={w.setByHand} hint={w.setByHandHint} checked={byHand} onChange={(event) => setByHand(event.target.checked)} />
      {!byHand && <Conditions conditions={conditions} onChange={setConditions} />}
    </FormDialog>
  );
}

function Conditions({ conditions, onChange }: { conditions: unknown; onChange: (conditions: unknown) => void }) {
  const w = useWords(segment);
  const live = useLiveCount(conditions);
  return (
    <>
      <div>
        <p className="mb-1.5 text-sm font-medium">{w.who}</p>
        <ConditionNode node={conditions} onChange={onChange} path="conditions" problem={(path) => problemOf(live.error, path)} />
      </div>
      <LiveCount of={live} shown={shownPaths(conditions, "conditions")} />
    </>
  );
}

/** The places in a tree at which the builder shows what is wrong. */
export function shownPaths(node: unknown, path: string): string[] {
  if (typeof node !== "object" || node === null) return [path];
  const below = Array.isArray(node)
    ? node.flatMap((one, at) => shownPaths(one, `${path}.${at}`))
    : Object.entries(node).flatMap(([name, one]) => shownPaths(one, `${path}.${name}`));
  return [path, ...["field", "is", "value", "kind", "days", "state", "promotion", "subscription_type", "salt"].map((name) => `${path}.${name}`), ...below];
}
