import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { messageOf, otherProblems, problemOf, useWrite } from "~/api/hooks";
import { join } from "~/ui/class";
import { FormDialog } from "~/ui/dialog";
import { TextArea, TextField } from "~/ui/field";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { persona } from "~/words/persona";
import { useWords } from "~/words/words";
import { templates, type TemplateName } from "./templates";
import { useTools } from "./tools";

const names: TemplateName[] = ["marketing", "support", "empty"];
const shown = ["name", "instructions", "model", "avatar"];

export function CreatePersona({ onClose }: { onClose: () => void }) {
  const w = useWords(persona);
  const c = useWords(common);
  const navigate = useNavigate();
  const tools = useTools();
  const [template, setTemplate] = useState<TemplateName>("marketing");
  const first = w.templates[template];
  const [given, setGiven] = useState({ name: first.suggested, avatar: templates.marketing.avatar, instructions: first.instructions, model: "" });
  const grant = useWrite("grant_tools");
  const create = useWrite("create_persona", {
    onDone: async (made) => {
      // A template may name a tool that this server does not have.
      const grants = templates[template].grants.filter((one) => tools.all.length === 0 || tools.find(one.tool));
      try {
        if (grants.length > 0) await grant.mutateAsync({ persona_uuid: made.uuid, grants });
        tell(w.created(made.name));
      } catch (error) {
        tell(w.grantsFailed(messageOf(error)), true);
      }
      onClose();
      void navigate({ to: `/personas/${made.uuid}` });
    },
  });
  const choose = (next: TemplateName) => {
    const before = w.templates[template];
    const after = w.templates[next];
    // What was typed stays; what a template suggested gives way to what the next one suggests.
    setGiven((now) => ({
      ...now,
      name: now.name === before.suggested ? after.suggested : now.name,
      avatar: now.avatar === templates[template].avatar ? templates[next].avatar : now.avatar,
      instructions: now.instructions === before.instructions ? after.instructions : now.instructions,
    }));
    setTemplate(next);
  };
  const set = (field: keyof typeof given) => (event: { target: { value: string } }) => setGiven({ ...given, [field]: event.target.value });
  return (
    <FormDialog wide title={w.make} action={c.create} busy={create.isPending || grant.isPending} problems={otherProblems(create.error, shown)} onClose={onClose}
                onSubmit={() => create.mutate({
                  name: given.name.trim(), instructions: given.instructions, avatar: given.avatar.trim(), model: given.model.trim(),
                })}>
      <fieldset>
        <legend className="mb-1.5 text-sm font-medium">{w.template}</legend>
        <div className="grid gap-2 sm:grid-cols-3">
          {names.map((name) => (
            <label key={name} className={join("flex gap-2.5 rounded-xl border px-3.5 py-3 has-focus-visible:outline-2 has-focus-visible:outline-pink",
                                              name === template ? "border-pink bg-blush/50" : "border-line hover:bg-sunk")}>
              <input type="radio" name="template" checked={name === template} onChange={() => choose(name)} className="mt-1 size-4 shrink-0 accent-pink outline-none" />
              <span>
                <span className="block font-medium">{w.templates[name].name}</span>
                <span className="block text-sm text-soft">{w.templates[name].about}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <div className="grid gap-4 sm:grid-cols-[1fr_8rem]">
        <TextField label={w.name} hint={w.nameHint} value={given.name} maxLength={100} autoComplete="off" onChange={set("name")} problem={problemOf(create.error, "name")} />
        <TextField label={w.avatar} value={given.avatar} autoComplete="off" onChange={set("avatar")} problem={problemOf(create.error, "avatar")} />
      </div>
      <TextArea label={w.instructions} hint={w.instructionsHint} rows={5} maxLength={20_000} value={given.instructions} onChange={set("instructions")} problem={problemOf(create.error, "instructions")} />
      <TextField label={w.model} optional hint={w.modelHint} placeholder={w.interpreter} value={given.model} autoComplete="off" onChange={set("model")} problem={problemOf(create.error, "model")} />
    </FormDialog>
  );
}
