import { fileURLToPath } from "node:url";

import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Where `vite dev` finds the program.
const piggy = process.env["PIGGY_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), tailwind()],
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2023",
    // A style or picture of its own is cached for good, and the policy of the page needs no data URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
    // The console, and the page of a shop's customers.
    rollupOptions: { input: ["index.html", "portal.html"] },
  },
  server: {
    proxy: Object.fromEntries(
      ["/platform", "/api", "/oauth", "/forms/", "/openapi.json", "/manual.md"].map((path) => [path, piggy])),
  },
});
