// What the address says after its "?": the chosen tab, a filter. It is kept when a page is read again
// or sent to somebody.

import { useNavigate, useSearch } from "@tanstack/react-router";

export type Asked = Readonly<Record<string, string | undefined>>;

/** What is asked, and a way to ask otherwise; what is empty is left out. */
export function useAsked(): [Asked, (next: Asked) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const asked = Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value)]));
  const ask = (next: Asked) => {
    const kept = Object.fromEntries(Object.entries({ ...asked, ...next }).filter(([, value]) => value));
    void navigate({ to: ".", search: kept, replace: true });
  };
  return [asked, ask];
}
