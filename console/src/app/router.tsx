// Which page an address means. Each feature lists its own.

import { createRoute, createRouter } from "@tanstack/react-router";

import { approvalRoutes } from "~/features/approval/routes";
import { auditRoutes } from "~/features/audit/routes";
import { chatRoutes } from "~/features/chat/routes";
import { contactRoutes } from "~/features/contact/routes";
import { firstRunRoutes } from "~/features/first_run/routes";
import { flowRoutes } from "~/features/flow/routes";
import { homeRoutes } from "~/features/home/routes";
import { insightRoutes } from "~/features/insight/routes";
import { connectionRoutes } from "~/features/connection/routes";
import { loyaltyRoutes } from "~/features/loyalty/routes";
import { campaignRoutes } from "~/features/campaign/routes";
import { manualRoutes } from "~/features/manual/routes";
import { personaRoutes } from "~/features/persona/routes";
import { accessRoutes } from "~/features/access/routes";
import { NotFound } from "~/ui/page";
import { root, signedIn } from "./root";

/** Whatever else the address says: told within the frame, so that one finds the way on. */
const elsewhere = createRoute({ getParentRoute: () => signedIn, path: "$", component: NotFound });

const routes = root.addChildren([
  ...manualRoutes,
  signedIn.addChildren([
    ...homeRoutes, ...chatRoutes, ...personaRoutes, ...approvalRoutes, ...flowRoutes, ...contactRoutes, ...loyaltyRoutes,
    ...campaignRoutes, ...insightRoutes, ...connectionRoutes, ...auditRoutes, ...accessRoutes, ...firstRunRoutes,
    elsewhere,
  ]),
]);

export const router = createRouter({
  routeTree: routes,
  defaultPreload: "intent",
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});
