import { useState } from "react";

import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import { Button, Buttons } from "~/ui/button";
import { Problems } from "~/ui/field";
import { Card } from "~/ui/page";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { flow as texts } from "~/words/flow";
import { useWords } from "~/words/words";
import type { WholeFlow } from "./flow_page";
import type { Data } from "./model";
import { ParameterForm, valuesOf } from "./parameters";

export function ParametersTab({ whole }: { whole: WholeFlow }) {
  const w = useWords(texts);
  const c = useWords(common);
  const { flow } = whole;
  const [changed, setChanged] = useState<Data | null>(null);
  const values = changed ?? valuesOf(flow.parameters);
  const save = useWrite("update_flow", {
    onDone: () => {
      setChanged(null);
      tell(c.saved);
    },
  });
  const shown = flow.parameters.map((one) => `parameters.${one.name}`);
  return (
    <Card title={w.tabs.parameters} about={w.parametersAbout} className="max-w-2xl">
      <form noValidate className="flex flex-col gap-4" onSubmit={(event) => {
        event.preventDefault();
        if (!save.isPending) save.mutate({ flow_uuid: flow.uuid, parameters: values });
      }}>
        <ParameterForm parameters={flow.parameters} values={values} onChange={setChanged} problem={(name) => problemOf(save.error, `parameters.${name}`)} />
        <Problems of={otherProblems(save.error, shown)} />
        <Buttons>
          <Button disabled={changed === null} onClick={() => setChanged(null)}>{w.discard}</Button>
          <Button type="submit" look="primary" busy={save.isPending} disabled={changed === null}>{c.save}</Button>
        </Buttons>
      </form>
    </Card>
  );
}
