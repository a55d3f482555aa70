import { page } from "~/app/root";

export const firstRunRoutes = [page("/welcome", () => import("./welcome"))];
