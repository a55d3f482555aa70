import type { AnyRoute } from "@tanstack/react-router";

import { page } from "~/app/root";

export const insightRoutes: AnyRoute[] = [page("/insights", () => import("./insights"))];
