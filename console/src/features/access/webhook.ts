// What the pages of webhooks share.

import type { InputOf, OutputOf } from "~/api/client";
import { useWrite } from "~/api/hooks";
import { tell } from "~/ui/toast";
import { webhook as texts } from "~/words/webhook";
import { useWords } from "~/words/words";

export type Subscription = OutputOf<"list_webhook_subscriptions">["subscriptions"][number];
export type Delivery = OutputOf<"list_webhook_deliveries">["deliveries"][number];
export type WebhookEvent = InputOf<"create_webhook_subscription">["event_type"];

/** What a receiver can be told, by whose words they are; the last ones nothing here tells yet. */
export const events = {
  fromWire: [
    "contact_created", "contact_updated", "contact_identifier_created", "credit_reception_created", "voucher_created", "voucher_updated", "voucher_redeemed",
    "form_submission_completed", "giftcard_transaction_created", "referral_completed",
  ],
  ours: ["tier_reached", "lead_score_changed", "segment_entered", "segment_left", "subscription_confirmed"],
  notYet: [
    "voucher_deleted", "prepaid_transaction_created", "reward_updated", "promotion_updated",
  ],
} as const satisfies Record<string, readonly WebhookEvent[]>;

/** As a receiver gets it in the header `webhook-id`. */
export function messageId(delivery: Delivery): string {
  return `msg_${delivery.uuid}`;
}

/** As Standard Webhooks writes one: made here, so that the server need never tell it. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}

/** Names with commas between them. */
export function namesIn(text: string): string[] {
  return [...new Set(text.split(",").map((name) => name.trim()).filter(Boolean))];
}

/** Pauses a subscription, or lets it go on. */
export function usePause(subscription: Subscription) {
  const w = useWords(texts);
  const active = subscription.status === "ACTIVE";
  const update = useWrite("update_webhook_subscription", {
    onDone: () => tell(active ? w.paused(subscription.name) : w.resumed(subscription.name)),
  });
  return {
    active, busy: update.isPending, error: update.error,
    change: () => update.mutate({ uuid: subscription.uuid, status: active ? "INACTIVE" : "ACTIVE", attributes: subscription.properties }),
  };
}

export function useTest(subscription: Subscription) {
  const w = useWords(texts);
  const test = useWrite("send_test_webhook", { onDone: () => tell(w.tested) });
  return { busy: test.isPending, error: test.error, send: () => test.mutate({ uuid: subscription.uuid }) };
}
