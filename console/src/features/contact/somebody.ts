import { useRead } from "~/api/hooks";

/** The address of the newest contact that has one: an example then names somebody who is really there. */
export function useSomebody(): string | undefined {
  return useRead("browse_contacts", { limit: 10 }).data?.contacts.find((one) => one.email)?.email ?? undefined;
}
