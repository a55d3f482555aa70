// A template becomes a flow: what it needs to know is asked, and what its persona lacks is said.

import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { FormDialog } from "~/ui/dialog";
import { CheckField, TextField } from "~/ui/field";
import { tell } from "~/ui/toast";
import { flow } from "~/words/flow";
import { useWords } from "~/words/words";
import type { Data } from "./model";
import { ParameterForm, PersonaPicker, valuesOf } from "./parameters";
import { Readiness, withValues } from "./ready";

export type Template = OutputOf<"list_flow_templates">["templates"][number];

export function Install({ template, onClose }: { template: Template; onClose: () => void }) {
  const w = useWords(flow);
  const navigate = useNavigate();
  const personas = useRead("list_personas", {});
  const said = w.shipped[template.name] ?? template;
  const [name, setName] = useState(said.title);
  const [chosen, setPersona] = useState<string | null>(null);
  const [values, setValues] = useState<Data>(() => valuesOf(template.parameters));
  const [enabled, setEnabled] = useState(true);
  const persona = chosen ?? personas.data?.personas[0]?.uuid ?? "";
  const install = useWrite("install_flow_template", {
    onDone: (made) => {
      tell(w.installed(made.flow.name));
      void navigate({ to: `/flows/${made.flow.uuid}` });
    },
  });
  const { error } = install;
  /** What was wrong with a field is no longer said once something else stands in one. */
  const change = (next: Data) => {
    install.reset();
    setValues(next);
  };
  const shown = ["name", "persona_uuid", ...template.parameters.map((one) => `parameters.${one.name}`)];
  return (
    <FormDialog title={said.title} action={w.install} busy={install.isPending} problems={otherProblems(error, shown)} onClose={onClose}
                onSubmit={() => install.mutate({ template_name: template.name, persona_uuid: persona, name, enabled, parameters: values })}>
      <p className="text-soft">{said.about}</p>
      <TextField label={w.flowName} value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(error, "name")} />
      <PersonaPicker parameter={{ name: "persona_uuid", label: w.persona, about: w.personaHint, kind: "uuid", value: null, optional: null }}
                     value={persona} onChange={(value) => setPersona(String(value ?? ""))} problem={problemOf(error, "persona_uuid")} />
      <ParameterForm parameters={template.parameters} values={values} onChange={change} problem={(one) => problemOf(error, `parameters.${one}`)} />
      <Readiness tools={withValues(template.tools, values)} personaUuid={persona} />
      <CheckField label={w.startsAtOnce} hint={w.startsAtOnceHint} checked={enabled} onChange={(event) => setEnabled(event.target.checked)} />
    </FormDialog>
  );
}
