import { useId } from "react";

import { join } from "~/ui/class";

export interface Choice<Id extends string> {
  id: Id;
  label: string;
  about?: string;
  /** Said at the end of its line. */
  end?: string;
}

/** One of a few, each with what it means. */
export function Choices<Id extends string>({ label, choices, chosen, onChoose }: {
  label: string; choices: Choice<Id>[]; chosen: Id | undefined; onChoose: (id: Id) => void;
}) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{label}</legend>
      <div className="flex flex-col gap-2">
        {choices.map((one) => (
          <label key={one.id} className={join("flex items-start gap-3 rounded-lg border px-3 py-2.5", one.id === chosen ? "border-pink bg-blush" : "border-line hover:bg-sunk")}>
            <input type="radio" name={name} checked={one.id === chosen} onChange={() => onChoose(one.id)} className="mt-1 size-4 shrink-0 accent-pink" />
            <span className="min-w-0 grow">
              <span className="font-medium">{one.label}</span>
              {one.about && <span className={join("block text-sm", one.id === chosen ? "text-ink" : "text-soft")}>{one.about}</span>}
            </span>
            {one.end && <span className="text-sm whitespace-nowrap">{one.end}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
