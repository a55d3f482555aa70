import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { Filter, TextField } from "~/ui/field";
import { Answer, Badge, Card, Empty, type Tone } from "~/ui/page";
import { Table } from "~/ui/table";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { formWords } from "~/words/form";
import { useWords } from "~/words/words";
import { LoyaltyPage } from "./frame";

type Listed = OutputOf<"list_forms">["forms"][number];

export const formTones: Record<Listed["status"], Tone> = { DRAFT: "warn", PUBLISHED: "good", BIN: "plain" };

export default function Forms() {
  const w = useWords(formWords);
  const c = useWords(common);
  const [creating, setCreating] = useState(false);
  const [status, setStatus] = useState<Listed["status"] | "">("");
  const forms = useRead("list_forms", status ? { status } : {}, { keep: true });
  return (
    <LoyaltyPage title={w.forms} about={w.formsAbout} actions={<Button look="primary" icon="plus" onClick={() => setCreating(true)}>{w.newForm}</Button>}>
      <Card flush title={w.forms}
            actions={(
              <Filter label={c.state} value={status} onChange={(event) => setStatus(event.target.value as Listed["status"] | "")}>
                <option value="">{c.allStates}</option>
                {(["PUBLISHED", "DRAFT", "BIN"] as const).map((one) => <option key={one} value={one}>{w.states[one]}</option>)}
              </Filter>
            )}>
        <Answer of={forms}>
          {({ forms: all }) => (
            <Table label={w.forms} rows={all} keyOf={(one) => one.uuid} to={(one) => `/loyalty/forms/${one.uuid}`}
                   empty={<Empty icon="form" title={w.noForms}>{w.noFormsAbout}</Empty>}
                   columns={[
                     { name: c.name, cell: (one) => one.name },
                     { name: c.state, cell: (one) => <Badge tone={formTones[one.status]}>{w.states[one.status]}</Badge> },
                     { name: w.access, cell: (one) => w.types[one.type] },
                     { name: w.address, minor: true, className: "text-soft", cell: (one) => <span className="text-sm">{one.url}</span> },
                   ]} />
          )}
        </Answer>
      </Card>
      {creating && <NewForm onClose={() => setCreating(false)} />}
    </LoyaltyPage>
  );
}

/** Begins with what every form needs: whose answers they are. */
function NewForm({ onClose }: { onClose: () => void }) {
  const w = useWords(formWords);
  const c = useWords(common);
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const create = useWrite("create_form", { onDone: ({ uuid }) => { tell(w.formMade); void navigate({ to: `/loyalty/forms/${uuid}` }); } });
  return (
    <FormDialog title={w.newForm} action={c.create} busy={create.isPending} onClose={onClose} problems={otherProblems(create.error, ["name"])}
                onSubmit={() => create.mutate({ name, fields: [{ name: "email", label: w.emailField, type: "email", required: true }] })}>
      <TextField label={c.name} hint={w.nameHint} value={name} autoFocus onChange={(event) => setName(event.target.value)} problem={problemOf(create.error, "name")} />
    </FormDialog>
  );
}
