// What a new persona may begin with. What it is told is among the words; here is what it may do.

import type { InputOf } from "~/api/client";

export type TemplateName = "marketing" | "support" | "empty";
type NewGrant = InputOf<"grant_tools">["grants"][number];

export const templates: Record<TemplateName, { avatar: string; grants: NewGrant[] }> = {
  marketing: {
    avatar: "🎯",
    grants: [
      { tool: "piggy_create_credit_reception", limits: { points_per_day: 500, calls_per_minute: 30 } },
      { tool: "piggy_get_contact_credit_balance" },
      { tool: "piggy_create_vouchers_batch", limits: { vouchers_per_call: 100 } },
      { tool: "piggy_find_voucher_by_code" },
      { tool: "piggy_list_perks" },
      { tool: "piggy_list_forms" },
      { tool: "piggy_create_contact_attribute", ask: "always" },
      { tool: "piggy_update_contact_identifiers", limits: { calls_per_minute: 30 } },
      { tool: "piggy_claim_anonymous_contact" },
      { tool: "piggy_merge_contacts" },
      { tool: "piggy_send_contact_verification_email", limits: { calls_per_minute: 10 } },
      { tool: "piggy_get_contact_auth_token", limits: { calls_per_minute: 10 } },
      { tool: "piggy_find_or_create_products", limits: { calls_per_minute: 60 } },
      { tool: "piggy_update_bookings", limits: { calls_per_minute: 30 } },
    ],
  },
  support: {
    avatar: "🎧",
    grants: [
      { tool: "piggy_find_contact" },
      { tool: "piggy_get_contact_credit_balance" },
      { tool: "piggy_list_loyalty_transactions" },
      { tool: "piggy_find_voucher_by_code" },
      { tool: "piggy_list_perks" },
      { tool: "piggy_list_rewards" },
      { tool: "piggy_list_tiers" },
      { tool: "piggy_get_loyalty_program" },
      { tool: "piggy_explain_earning" },
      { tool: "piggy_list_bookings" },
      { tool: "piggy_update_bookings", ask: "always", limits: { calls_per_minute: 10 } },
      { tool: "piggy_create_credit_reception", ask: "always", limits: { points_per_day: 100, calls_per_minute: 10 } },
      { tool: "piggy_send_contact_verification_email", limits: { calls_per_minute: 5 } },
    ],
  },
  empty: { avatar: "", grants: [] },
};
