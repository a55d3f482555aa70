import { join } from "./class";

/** How much of a whole is used or done. Without `value` it is under way, and nobody knows how far. */
export function Meter({ label, value, max = 1, className }: { label: string; value?: number; max?: number; className?: string }) {
  const known = value !== undefined;
  const share = known && max > 0 ? Math.min(1, Math.max(0, value / max)) : 0;
  return (
    <div role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={known ? max : undefined} aria-valuenow={value}
         className={join("h-2.5 w-full overflow-hidden rounded-full bg-sunk ring-1 ring-line ring-inset", className)}>
      <div className={join("h-full rounded-full bg-pink transition-[width]", !known && "w-full animate-pulse opacity-60")}
           style={known ? { width: `${share * 100}%` } : undefined} />
    </div>
  );
}
