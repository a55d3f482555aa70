import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { FormDialog } from "~/ui/dialog";
import { TextField } from "~/ui/field";
import { flow } from "~/words/flow";
import { useWords } from "~/words/words";
import { PersonaPicker } from "./parameters";

/** A flow of one's own: it begins with one step that ends it, and is not started by itself. */
export function Create({ onClose }: { onClose: () => void }) {
  const w = useWords(flow);
  const navigate = useNavigate();
  const personas = useRead("list_personas", {});
  const [name, setName] = useState("");
  const [chosen, setPersona] = useState<string | null>(null);
  const persona = chosen ?? personas.data?.personas[0]?.uuid ?? "";
  const create = useWrite("create_flow", { onDone: (made) => void navigate({ to: `/flows/${made.flow.uuid}` }) });
  return (
    <FormDialog title={w.newFlow} action={w.createFlow} busy={create.isPending} onClose={onClose}
                problems={otherProblems(create.error, ["name", "persona_uuid"])}
                onSubmit={() => create.mutate({
                  name, persona_uuid: persona, enabled: false,
                  definition: { trigger: { manual: {} }, steps: [{ id: "end", stop: { reason: w.firstStep } }] },
                })}>
      <TextField label={w.flowName} value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(create.error, "name")} />
      <PersonaPicker parameter={{ name: "persona_uuid", label: w.persona, about: w.personaHint, kind: "uuid", value: null, optional: null }}
                     value={persona} onChange={(value) => setPersona(String(value ?? ""))} problem={problemOf(create.error, "persona_uuid")} />
    </FormDialog>
  );
}
