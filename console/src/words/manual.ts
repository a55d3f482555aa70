import { words } from "./words";

export const manual = words({
  title: "Manual",
  console: "To the console",
  contents: "Pages of the manual",
  programs: "For programs",
  operations: "All operations",
  openapi: "OpenAPI",
}, {
  title: "Handleiding",
  console: "Naar de console",
  contents: "Pagina's van de handleiding",
  programs: "Voor programma's",
  operations: "Alle operaties",
  openapi: "OpenAPI",
});
