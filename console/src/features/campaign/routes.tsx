import type { AnyRoute } from "@tanstack/react-router";

import { page } from "~/app/root";

export const campaignRoutes: AnyRoute[] = [
  page("/marketing", () => import("./overview")),
  page("/marketing/segments", () => import("~/features/segment/segments")),
  page("/marketing/segments/$uuid", () => import("~/features/segment/segment_page")),
  page("/marketing/campaigns", () => import("./campaigns")),
  page("/marketing/campaigns/$uuid", () => import("./campaign_page")),
  page("/marketing/sequences", () => import("./sequences")),
  page("/marketing/sequences/$uuid", () => import("./sequence_page")),
  page("/marketing/templates", () => import("./templates")),
  page("/marketing/templates/$uuid", () => import("./template_page")),
  page("/marketing/leads", () => import("./leads")),
];
