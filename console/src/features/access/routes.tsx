import { page } from "~/app/root";

export const accessRoutes = [
  page("/settings", () => import("./settings")),
  page("/settings/webhooks/$uuid", () => import("./webhook_page")),
];
