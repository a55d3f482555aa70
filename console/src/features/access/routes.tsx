import { page } from "~/app/root";

export const accessRoutes = [page("/settings", () => import("./settings"))];
