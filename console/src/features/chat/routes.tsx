import type { AnyRoute } from "@tanstack/react-router";

import { page } from "~/app/root";

export const chatRoutes: AnyRoute[] = [
  page("/chat", () => import("./start")),
  page("/chat/$uuid", () => import("./conversation")),
];
