/** How far something is, said and drawn. */
export function Progress({ label, done, total, said }: { label: string; done: number; total: number; said: string }) {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  return (
    <div>
      <div className="mb-1.5 flex justify-between gap-3 text-sm">
        <span className="font-medium">{label}</span>
        <span className="text-soft tabular-nums">{said}</span>
      </div>
      <div role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}
           className="h-2 overflow-hidden rounded-full bg-sunk">
        <div className="h-full rounded-full bg-pink transition-[width]" style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}
