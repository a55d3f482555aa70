// What a customer can do: the same operations as everywhere, as themselves alone.

import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";

import { Piggy, PiggyError, type OperationName, type Operations } from "~/api/piggy";
import { queries } from "~/api/hooks";
import { firstLanguage } from "~/words/words";

const account = window.location.pathname.split("/")[2] ?? "";
const base = `/portal/${account}`;

export const customer = new Piggy({ operations: `${base}/operations` });

async function post(path: string, body: object) {
  const response = await fetch(`${base}/${path}`, {
    method: "POST", credentials: "same-origin", body: JSON.stringify(body),
    // In which language the mail with the code is.
    headers: { "Content-Type": "application/json", "Accept-Language": firstLanguage() },
  });
  const answer = await response.json().catch(() => null);
  if (!response.ok) {
    throw new PiggyError(answer?.message ?? `The server answered ${response.status}.`, answer?.code ?? response.status, response.status,
                         answer?.errors ?? {}, Number(response.headers.get("Retry-After")) || null);
  }
}

export const sendCode = (email: string) => post("code", { email });
export const signInByCode = (email: string, code: string) => post("session", { email, code });
export const signInByToken = (token: string) => post("session", { token });

export async function signOut() {
  await fetch(`${base}/session`, { method: "DELETE", credentials: "same-origin" });
  await queries.resetQueries();
}

/** A read as this customer; `contact_uuid` is filled in by the server. */
export function useOwn<Name extends OperationName>(name: Name, input: Record<string, unknown> = {}) {
  return useQuery<Operations[Name]["output"], Error>({
    queryKey: ["portal", name, input],
    queryFn: () => customer.callTool(name, input) as Promise<Operations[Name]["output"]>,
  });
}

/** The same for a list that is read a page at a time, however long it has become. */
export function useOwnPages<Name extends "list_vouchers" | "list_contact_loyalty_transactions", Row>(
  name: Name, limit: number, rows: (page: Operations[Name]["output"]) => Row[],
) {
  const query = useInfiniteQuery({
    queryKey: ["portal", name, "pages"],
    queryFn: ({ pageParam }) => customer.callTool(name, { limit, page: pageParam }) as Promise<Operations[Name]["output"]>,
    initialPageParam: 1,
    getNextPageParam: ({ page }) => (page.page * page.limit < page.total ? page.page + 1 : undefined),
  });
  return { ...query, rows: (query.data?.pages ?? []).flatMap(rows) };
}

export function useConsent() {
  return useMutation({
    mutationFn: ({ type, subscribed }: { type: string; subscribed: boolean }) =>
      customer.callTool(subscribed ? "subscribe_contact" : "unsubscribe_contact", { subscription_type_uuid: type }),
    onSettled: () => queries.invalidateQueries(),
  });
}
