import type { AnyRoute } from "@tanstack/react-router";

import { page } from "~/app/root";

export const personaRoutes: AnyRoute[] = [
  page("/personas", () => import("./personas")),
  page("/personas/$uuid", () => import("./page")),
];
