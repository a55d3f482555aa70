import { Button, IconButton } from "~/ui/button";
import { flow } from "~/words/flow";
import { useWords } from "~/words/words";
import { dataOf, listOf, withAt, type Step } from "./model";
import { ValueField } from "./value_field";

/** The values that a choice tells apart; the steps of each stand in the drawing. */
export function Cases({ definition, step, onChange }: { definition: unknown; step: Step; onChange: (definition: unknown) => void }) {
  const w = useWords(flow);
  const path = [...step.path, "choose", "cases"];
  const cases = listOf(dataOf(step.given)["cases"]);
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">{w.cases}</legend>
      {cases.map((one, at) => (
        <div key={`${at} ${cases.length}`} className="flex items-end gap-1">
          <div className="grow">
            <ValueField short label={w.caseAt(at + 1)} value={dataOf(one)["is"]} onChange={(value) => onChange(withAt(definition, [...path, at, "is"], value ?? ""))} />
          </div>
          <IconButton icon="trash" label={w.removeCase(at + 1)} disabled={cases.length === 1} onClick={() => onChange(withAt(definition, path, cases.toSpliced(at, 1)))} />
        </div>
      ))}
      <div><Button small icon="plus" onClick={() => onChange(withAt(definition, path, [...cases, { is: "", steps: [] }]))}>{w.addCase}</Button></div>
    </fieldset>
  );
}
