import { page } from "~/app/root";

export const homeRoutes = [page("/", () => import("./home"))];
