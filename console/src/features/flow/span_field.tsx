import { TextField } from "~/ui/field";
import { flow } from "~/words/flow";
import { useWords } from "~/words/words";
import { dataOf, textOf } from "./model";

const units = ["days", "hours", "minutes", "seconds"] as const;

/** A length of time; what is given adds up. */
export function SpanField({ label, value, onChange, problem }: {
  label: string; value: unknown; onChange: (value: unknown) => void; problem: string | undefined;
}) {
  const w = useWords(flow);
  const given = dataOf(value);
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      <div className="grid grid-cols-4 gap-2">
        {units.map((unit) => (
          <TextField key={unit} label={w.units[unit]} inputMode="numeric" value={textOf(given[unit])}
                     onChange={(event) => {
                       const { [unit]: _, ...others } = given;
                       const typed = event.target.value.trim();
                       const next = typed === "" ? others : { ...others, [unit]: Number.isFinite(Number(typed)) ? Number(typed) : typed };
                       onChange(Object.keys(next).length === 0 ? undefined : next);
                     }} />
        ))}
      </div>
      {problem && <p className="mt-1 text-sm font-medium text-bad">{problem}</p>}
    </fieldset>
  );
}
