// What starts a flow. A schedule is made under its own tab.

import { useRead } from "~/api/hooks";
import { Problems, SelectField, TextField } from "~/ui/field";
import { Notice } from "~/ui/page";
import { flow } from "~/words/flow";
import { useWords } from "~/words/words";
import { dataOf, textOf, withAt } from "./model";
import { Pick } from "./parameters";

const fresh: Record<string, unknown> = {
  event: { type: "form_submission_completed" }, form: { form_uuid: "" }, schedule: { zone: "", times: ["09:00"] }, webhook: {}, manual: {},
};

export function TriggerForm({ definition, onChange, problems }: {
  definition: unknown; onChange: (definition: unknown) => void; problems: string[];
}) {
  const w = useWords(flow);
  const trigger = dataOf(dataOf(definition)["trigger"]);
  const kind = Object.keys(trigger)[0] ?? "";
  const given = dataOf(trigger[kind]);
  const set = (name: string, value: unknown) => onChange(withAt(definition, ["trigger", kind, name], value));
  return (
    <div className="flex flex-col gap-4">
      <SelectField label={w.startedBy} value={kind} onChange={(event) => onChange(withAt(definition, ["trigger"], { [event.target.value]: fresh[event.target.value] }))}>
        {Object.keys(fresh).map((one) => <option key={one} value={one}>{w.triggerKinds[one]}</option>)}
      </SelectField>
      {kind === "event" && (
        <>
          <TextField label={w.eventType} hint={w.eventTypeHint} value={textOf(given["type"])} spellCheck={false} className="font-mono text-sm" onChange={(event) => set("type", event.target.value)} />
          <TextField label={w.eventWhere} hint={w.eventWhereHint} optional value={textOf(given["where"])} spellCheck={false} className="font-mono text-sm" onChange={(event) => set("where", event.target.value || undefined)} />
        </>
      )}
      {kind === "form" && <FormOf value={textOf(given["form_uuid"])} onChange={(value) => set("form_uuid", value)} />}
      {kind === "schedule" && <Notice>{w.scheduleElsewhere}</Notice>}
      {kind === "webhook" && <Notice>{w.webhookElsewhere}</Notice>}
      {kind === "manual" && <p className="text-sm text-soft">{w.triggers.manual}</p>}
      <Problems of={problems} />
    </div>
  );
}

function FormOf({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const w = useWords(flow);
  const forms = useRead("list_forms", {});
  if (value.includes("${{")) {
    return <TextField label={w.form} hint={w.byParameter} value={value} spellCheck={false} className="font-mono text-sm" onChange={(event) => onChange(event.target.value)} />;
  }
  return (
    <Pick parameter={{ name: "form_uuid", label: w.form, about: null, kind: "uuid", value: null, optional: null }} value={value} problem={undefined}
          onChange={(next) => onChange(textOf(next))} loading={forms.isPending} none={w.noForms}
          options={(forms.data?.forms ?? []).map((one) => ({ value: one.uuid, label: one.name }))} />
  );
}
