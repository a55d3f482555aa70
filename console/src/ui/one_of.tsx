import { join } from "./class";

/** A few ways beside each other, of which one is chosen at once. */
export function OneOf<Id extends string>({ label, ways, chosen, onChoose, small }: {
  label: string; ways: { id: Id; label: string }[]; chosen: Id; onChoose: (id: Id) => void; small?: boolean;
}) {
  return (
    <div role="group" aria-label={label} className="inline-flex rounded-lg border border-edge/60 bg-paper p-0.5">
      {ways.map((one) => (
        <button key={one.id} type="button" aria-pressed={chosen === one.id} onClick={() => onChoose(one.id)}
                className={join("rounded-md px-3 text-sm font-medium", small ? "min-h-6.5" : "min-h-8.5", chosen === one.id ? "bg-blush text-pink" : "text-soft hover:text-ink")}>
          {one.label}
        </button>
      ))}
    </div>
  );
}
