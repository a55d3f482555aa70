import type { OutputOf } from "~/api/client";
import type { Tone } from "~/ui/page";

export type Voucher = OutputOf<"list_vouchers">["vouchers"][number];
export type VoucherState = Voucher["status"];

export const voucherStates: VoucherState[] = ["ACTIVE", "REDEEMED", "LOCKED", "INACTIVE", "EXPIRED", "DEACTIVATED"];

export const voucherTones: Record<VoucherState, Tone> = {
  ACTIVE: "good", REDEEMED: "info", EXPIRED: "plain", DEACTIVATED: "bad", INACTIVE: "plain", LOCKED: "warn",
};
