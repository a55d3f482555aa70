import { page } from "~/app/root";

export const contactRoutes = [
  page("/contacts", () => import("./contacts")),
  page("/contacts/import", () => import("./import_page")),
  page("/contacts/$uuid", () => import("./profile")),
];
