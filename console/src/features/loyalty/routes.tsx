import { page } from "~/app/root";

export const loyaltyRoutes = [
  page("/loyalty", () => import("./overview")),
  page("/loyalty/rules", () => import("./rules")),
  page("/loyalty/tiers", () => import("./tiers")),
  page("/loyalty/perks", () => import("./perks")),
  page("/loyalty/rewards", () => import("./rewards")),
  page("/loyalty/rewards/$reward", () => import("./reward_codes")),
  page("/loyalty/vouchers", () => import("./promotions")),
  page("/loyalty/vouchers/$promotion", () => import("./promotion")),
  page("/loyalty/vouchers/$promotion/batches/$batch", () => import("./batch_page")),
  page("/loyalty/giftcards", () => import("./giftcards")),
  page("/loyalty/giftcards/$program", () => import("./giftcard_program")),
  page("/loyalty/referrals", () => import("./referrals")),
  page("/loyalty/products", () => import("./products")),
  page("/loyalty/bookings", () => import("./bookings")),
  page("/loyalty/forms", () => import("./forms")),
  page("/loyalty/forms/$uuid", () => import("./form")),
];
