import type { AnyRoute } from "@tanstack/react-router";

import { page } from "~/app/root";

export const flowRoutes: AnyRoute[] = [
  page("/flows", () => import("./flows")),
  page("/flows/$uuid", () => import("./flow_page")),
  page("/flows/runs/$uuid", () => import("./run_page")),
];
