// What a form asks for, in order, beside how it will look.

import { useState, type KeyboardEvent } from "react";

import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { Button, IconButton } from "~/ui/button";
import { CheckField, Problems, SelectField, TextArea, TextField } from "~/ui/field";
import { Icon } from "~/ui/icon";
import { Badge, Card } from "~/ui/page";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { formWords } from "~/words/form";
import { useWords } from "~/words/words";
import { draftOf, fieldTypes, inputOf, nameFor, type Draft, type DraftField, type FieldType, type Form } from "./form_draft";
import { FieldEditor } from "./form_field";
import { FormPreview } from "./form_preview";

export function FormBuilder({ form }: { form: Form }) {
  const w = useWords(formWords);
  const c = useWords(common);
  const [draft, setDraft] = useState<Draft>(() => draftOf(form));
  const [opened, setOpened] = useState<number | null>(null);
  const [said, setSaid] = useState("");
  const types = useRead("list_subscription_types", {});
  const update = useWrite("update_form", { onDone: () => tell(w.saved) });
  const changed = JSON.stringify(draft) !== JSON.stringify(draftOf(form));
  const set = (next: Partial<Draft>) => setDraft({ ...draft, ...next });
  const change = (key: number, next: Partial<DraftField>) => set({ fields: draft.fields.map((one) => (one.key === key ? { ...one, ...next } : one)) });
  const move = (at: number, by: number) => {
    const to = at + by;
    if (to < 0 || to >= draft.fields.length) return;
    const fields = [...draft.fields];
    const [one] = fields.splice(at, 1);
    fields.splice(to, 0, one!);
    set({ fields });
    setSaid(w.movedTo(one!.label, to + 1));
  };
  const add = (type: FieldType) => {
    const key = Math.max(-1, ...draft.fields.map((one) => one.key)) + 1;
    const label = w.fieldTypes[type];
    const consent = type === "consent" ? { subscription: types.data?.types[0]?.uuid ?? "", text: w.consentText } : { subscription: "", text: "" };
    set({ fields: [...draft.fields, { key, name: nameFor(label, draft.fields.map((one) => one.name)), label, type, required: false, help: "", options: "", maxLength: "", attribute: "", overwrite: false, ...consent }] });
    setOpened(key);
  };
  const shown = ["name", "page.introduction", "page.button", "page.thanks",
                 ...draft.fields.flatMap((_, at) => ["name", "label", "help", "options", "max_length", "attribute", "subscription_type_uuid", "text", "type"].map((name) => `fields.${at}.${name}`))];
  const hasProblem = (at: number) => Object.keys((update.error as { errors?: object } | null)?.errors ?? {}).some((path) => path.startsWith(`fields.${at}.`));
  const onKeyDown = (event: KeyboardEvent, at: number) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    move(at, event.key === "ArrowUp" ? -1 : 1);
  };
  return (
    <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <form noValidate className="flex flex-col gap-5" onSubmit={(event) => { event.preventDefault(); update.mutate(inputOf(form.uuid, draft)); }}>
        <Card flush title={w.fields} about={w.fieldsAbout}>
          <ol className="divide-y divide-line border-t border-line" aria-label={w.fields}>
            {draft.fields.map((one, at) => (
              <li key={one.key}>
                <div className="flex items-center gap-2 py-1.5 pr-2 pl-3">
                  <button type="button" aria-expanded={opened === one.key} onKeyDown={(event) => onKeyDown(event, at)} onClick={() => setOpened(opened === one.key ? null : one.key)}
                          className="flex min-w-0 grow items-center gap-2 rounded-lg px-2 py-1.5 text-left hover:bg-sunk">
                    <Icon name={opened === one.key ? "down" : "right"} className="size-4 text-soft" />
                    <span className="min-w-0 truncate font-medium">{one.label || one.name}</span>
                    {one.required && <span className="shrink-0 text-sm text-soft max-sm:hidden">{w.required}</span>}
                    {hasProblem(at) && <Badge tone="bad">{w.problem}</Badge>}
                    <span className="ml-auto shrink-0 text-sm text-soft max-sm:hidden">{w.fieldTypes[one.type]}</span>
                  </button>
                  <IconButton icon="down" className="rotate-180" label={w.moveUp(one.label)} disabled={at === 0} onClick={() => move(at, -1)} />
                  <IconButton icon="down" label={w.moveDown(one.label)} disabled={at === draft.fields.length - 1} onClick={() => move(at, 1)} />
                  <IconButton icon="trash" label={`${c.remove}: ${one.label}`} disabled={draft.fields.length === 1} onClick={() => set({ fields: draft.fields.filter((other) => other !== one) })} />
                </div>
                {opened === one.key && (
                  <FieldEditor field={one} types={types.data?.types ?? []} onChange={(next) => change(one.key, next)} problem={(name) => problemOf(update.error, `fields.${at}.${name}`)} />
                )}
              </li>
            ))}
          </ol>
          <div className="flex flex-wrap items-center gap-2 border-t border-line px-5 py-3">
            <select aria-label={w.addField} value="" onChange={(event) => add(event.target.value as FieldType)} className="min-h-10 rounded-lg border border-edge/70 bg-paper px-3 font-medium">
              <option value="" disabled>{w.addField}</option>
              {fieldTypes.map((type) => <option key={type} value={type} disabled={type === "consent" && types.data?.types.length === 0}>{w.fieldTypes[type]}</option>)}
            </select>
            {types.data?.types.length === 0 && <p className="text-sm text-soft">{w.noTypes}</p>}
          </div>
          <p className="sr-only" role="status">{said}</p>
        </Card>
        <Card title={w.texts}>
          <div className="flex flex-col gap-4">
            <TextField label={c.name} hint={w.nameHint} value={draft.name} onChange={(event) => set({ name: event.target.value })} problem={problemOf(update.error, "name")} />
            <TextArea label={w.introduction} optional rows={2} value={draft.introduction} onChange={(event) => set({ introduction: event.target.value })} problem={problemOf(update.error, "page.introduction")} />
            <div className="grid gap-4 sm:grid-cols-2">
              <TextField label={w.button} optional placeholder={w.buttonDefault} value={draft.button} onChange={(event) => set({ button: event.target.value })} problem={problemOf(update.error, "page.button")} />
              <SelectField label={w.access} value={draft.type} onChange={(event) => set({ type: event.target.value as Form["type"] })}>
                <option value="PUBLIC">{w.types.PUBLIC}</option>
                <option value="PRIVATE">{w.types.PRIVATE}</option>
              </SelectField>
            </div>
            <TextArea label={w.thanks} optional rows={2} value={draft.thanks} onChange={(event) => set({ thanks: event.target.value })} problem={problemOf(update.error, "page.thanks")} />
            <CheckField label={w.onlyFromPages} hint={w.onlyFromPagesHint} checked={draft.onlyFromPages} onChange={(event) => set({ onlyFromPages: event.target.checked })} />
          </div>
        </Card>
        <Problems of={otherProblems(update.error, shown)} />
        <div data-foot className="sticky bottom-4 flex items-center justify-end gap-3 rounded-2xl border border-line bg-paper p-3 shadow-sm">
          <p className="mr-auto pl-2 text-sm text-soft" role="status">{changed ? w.unsaved : w.allSaved}</p>
          <Button disabled={!changed} onClick={() => { setDraft(draftOf(form)); update.reset(); }}>{w.discard}</Button>
          <Button type="submit" look="primary" disabled={!changed} busy={update.isPending}>{c.save}</Button>
        </div>
      </form>
      <FormPreview draft={draft} />
    </div>
  );
}
