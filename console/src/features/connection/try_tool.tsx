import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { piggy, type OutputOf, type WriteName } from "~/api/client";
import { otherProblems, problemOf, useOnce } from "~/api/hooks";
import { Button, Buttons } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { Problems } from "~/ui/field";
import { Card } from "~/ui/page";
import { SchemaForm, type Schema } from "~/ui/schema_form";
import { Effect, Json } from "~/ui/show";
import { tell } from "~/ui/toast";
import { connection as texts } from "~/words/connection";
import { common } from "~/words/common";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";
import { usePickFields } from "./pick_fields";

type Given = Record<string, unknown>;

/** The operation behind a tool: those of this Piggy are known by their own names. */
function operationOf(tool: OutputOf<"get_tool">): string {
  return tool.connection === "" ? tool.tool.replace(/^piggy_/, "") : tool.tool;
}

export function TryTool({ tool, schema, there }: { tool: OutputOf<"get_tool">; schema: Schema; there: string | undefined }) {
  const w = useWords(texts);
  const c = useWords(common);
  const [given, setGiven] = useState<Given>({});
  const [sure, setSure] = useState(false);
  const title = useServer().title(tool.tool, tool);
  const operation = operationOf(tool);
  const reads = tool.effect === "read";
  const call = useOnce((input: Given, idempotencyKey) => piggy.callTool(operation, input, { idempotencyKey }), () => {
    if (!reads) tell(w.didIt(title));
  });
  // Which operation it is is known at run time alone; the server checks the input.
  const rehearsal = useMutation({ mutationFn: (input: Given) => piggy.rehearse(operation as WriteName, input as never) });
  const rehearse = () => {
    call.reset();
    rehearsal.mutate(given);
  };
  const act = () => {
    setSure(false);
    rehearsal.reset();
    call.mutate(given);
  };
  const error = call.error ?? rehearsal.error;
  const problem = (path: string) => problemOf(error, path);
  const pick = usePickFields(schema, problem);
  const shown = Object.keys(schema.properties ?? {});
  return (
    <Card title={w.tryIt} about={there ? w.tryThere(there) : w.tryAbout}>
      <form noValidate onSubmit={(event) => { event.preventDefault(); if (reads) act(); else rehearse(); }}>
        <SchemaForm schema={schema} value={given} onChange={setGiven} problem={problem} instead={tool.connection === "" ? pick : {}} />
        <div className="mt-4"><Problems of={otherProblems(error, shown)} /></div>
        <Buttons>
          {!reads && <Button onClick={() => setSure(true)} busy={call.isPending} look={tool.effect === "destructive" ? "danger" : "plain"}>{w.act}</Button>}
          <Button type="submit" look="primary" busy={reads ? call.isPending : rehearsal.isPending}>{reads ? w.read : w.rehearse}</Button>
        </Buttons>
      </form>
      <Answered rehearsal={rehearsal.data} answer={call.data} />
      {sure && (
        <FormDialog title={w.actTitle(title)} action={w.act} danger={tool.effect === "destructive"} onClose={() => setSure(false)} onSubmit={act}>
          <p>{w.actAbout}</p>
          <Json value={given} label={c.edit} />
        </FormDialog>
      )}
    </Card>
  );
}

function Answered({ rehearsal, answer }: { rehearsal: OutputRehearsed | undefined; answer: unknown }) {
  const w = useWords(texts);
  if (rehearsal) {
    const { effect, dry_run: _, ...rest } = rehearsal;
    return (
      <div className="mt-5 flex flex-col gap-4">
        <Effect lines={effect} />
        <section>
          <h3 className="mb-2 text-sm font-medium">{w.rehearsedAnswer}</h3>
          <Json value={rest} label={w.answer} />
        </section>
      </div>
    );
  }
  if (answer === undefined) return null;
  return (
    <section className="mt-5" aria-live="polite">
      <h3 className="mb-2 text-sm font-medium">{w.answer}</h3>
      <Json value={answer} label={w.answer} />
    </section>
  );
}

type OutputRehearsed = Awaited<ReturnType<typeof piggy.rehearse<WriteName>>>;
