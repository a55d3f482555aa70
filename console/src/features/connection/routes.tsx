import { page } from "~/app/root";

export const connectionRoutes = [
  page("/integrations", () => import("./integrations")),
  page("/integrations/built-in", () => import("./built_in")),
  page("/integrations/tools/$tool", () => import("./tool")),
  page("/integrations/$connector", () => import("./connector")),
];
