import type { AnyRoute } from "@tanstack/react-router";

import { page } from "~/app/root";

export const approvalRoutes: AnyRoute[] = [page("/approvals", () => import("./approvals"))];
