import { useState } from "react";

import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { TextArea, TextField } from "~/ui/field";
import { Card } from "~/ui/page";
import { Day, Moment } from "~/ui/show";
import { Facts } from "~/ui/table";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { persona } from "~/words/persona";
import { useWords } from "~/words/words";
import { useMayAct, type Persona } from "./tools";

const shown = ["name", "instructions", "model", "avatar"];

export function Overview({ of }: { of: Persona }) {
  const w = useWords(persona);
  const c = useWords(common);
  const may = useMayAct();
  const [edits, setEdits] = useState(false);
  const always = of.grants.filter((one) => one.ask === "always").length;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_25rem]">
      <Card title={w.instructions} actions={may && <Button small icon="edit" onClick={() => setEdits(true)}>{c.edit}</Button>}>
        {of.instructions ? <p className="max-w-prose whitespace-pre-wrap">{of.instructions}</p> : <p className="text-soft">{c.none}</p>}
      </Card>
      <Card>
        <Facts of={[
          [w.model, of.model || w.interpreter],
          [w.tools, <>{w.toolCount(of.grants.length)}{always > 0 && `, ${w.asksFirst(always)}`}</>],
          [c.created, <Day at={of.created_at} />],
          [w.changed, <Moment at={of.updated_at} />],
        ]} />
      </Card>
      {edits && <Edit of={of} onClose={() => setEdits(false)} />}
    </div>
  );
}

function Edit({ of, onClose }: { of: Persona; onClose: () => void }) {
  const w = useWords(persona);
  const c = useWords(common);
  const [given, setGiven] = useState({ name: of.name, avatar: of.avatar, instructions: of.instructions, model: of.model });
  const update = useWrite("update_persona", {
    onDone: () => {
      tell(c.saved);
      onClose();
    },
  });
  const set = (field: keyof typeof given) => (event: { target: { value: string } }) => setGiven({ ...given, [field]: event.target.value });
  return (
    <FormDialog wide title={of.name} action={c.save} busy={update.isPending} problems={otherProblems(update.error, shown)} onClose={onClose}
                onSubmit={() => update.mutate({ persona_uuid: of.uuid, ...given, name: given.name.trim(), avatar: given.avatar.trim(), model: given.model.trim() })}>
      <div className="grid gap-4 sm:grid-cols-[1fr_8rem]">
        <TextField label={w.name} hint={w.nameHint} maxLength={100} value={given.name} autoComplete="off" onChange={set("name")} problem={problemOf(update.error, "name")} />
        <TextField label={w.avatar} value={given.avatar} autoComplete="off" onChange={set("avatar")} problem={problemOf(update.error, "avatar")} />
      </div>
      <TextArea label={w.instructions} hint={w.instructionsHint} rows={9} maxLength={20_000} value={given.instructions} onChange={set("instructions")} problem={problemOf(update.error, "instructions")} />
      <TextField label={w.model} optional hint={w.modelHint} placeholder={w.interpreter} value={given.model} autoComplete="off" onChange={set("model")} problem={problemOf(update.error, "model")} />
    </FormDialog>
  );
}
