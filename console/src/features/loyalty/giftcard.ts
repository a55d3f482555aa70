import type { OutputOf } from "~/api/client";
import type { Tone } from "~/ui/page";
import { numberOf } from "./number";

export type Giftcard = OutputOf<"search_giftcards">["giftcards"][number];
export type Program = OutputOf<"get_giftcard_program">["giftcard_program"];
export type GiftcardState = "good" | "empty" | "expired" | "off";

export const giftcardTones: Record<GiftcardState, Tone> = { good: "good", empty: "plain", expired: "plain", off: "bad" };

export function stateOf(card: Giftcard): GiftcardState {
  if (!card.active) return "off";
  if (card.expiration_date && new Date(card.expiration_date) <= new Date()) return "expired";
  return card.amount_in_cents === 0 ? "empty" : "good";
}

/** Cents of a typed amount, nothing, or the text itself: the server says what is wrong with it. */
export function centsOf(text: string): number | undefined {
  const amount = numberOf(text);
  return typeof amount === "number" ? Math.round(amount * 100) : amount;
}
