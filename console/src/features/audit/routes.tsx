import { page } from "~/app/root";

export const auditRoutes = [page("/audit", () => import("./audit")), page("/audit/$id", () => import("./call"))];
