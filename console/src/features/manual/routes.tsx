import { createRoute, lazyRouteComponent, type AnyRoute } from "@tanstack/react-router";

import { root } from "~/app/root";

// Also for who is not signed in.
export const manualRoutes: AnyRoute[] = ["/manual", "/manual/$name"].map((path) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(() => import("./manual")) }));
