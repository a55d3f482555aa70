import { useRead } from "~/api/hooks";
import { useFormats } from "~/words/format";

/** Cents as the reader's language writes them; as the server does until the shop's currency is known. */
export function useMoney(): (cents: number, otherwise: string) => string {
  const settings = useRead("get_account_settings", {});
  const f = useFormats();
  return (cents, otherwise) => (settings.data ? f.money(cents, settings.data.currency) : otherwise);
}
