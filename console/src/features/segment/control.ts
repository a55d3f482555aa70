export const control = "min-h-9 min-w-0 max-w-full rounded-lg border border-edge/70 bg-paper px-2.5 py-1 text-sm aria-invalid:border-bad";
