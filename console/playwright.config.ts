import { defineConfig } from "@playwright/test";

// Run by test/system/console.py, which starts the program and says where it is.
const url = process.env["PIGGY_URL"];
if (!url) throw new Error("PIGGY_URL is not set: run test/system/console.py, or start the program yourself.");

export default defineConfig({
  testDir: "test",
  workers: 1, // They share one shop.
  forbidOnly: true,
  timeout: 300_000,
  expect: { timeout: 60_000 },
  use: {
    baseURL: url,
    locale: "en-GB",
    timezoneId: "Europe/Amsterdam",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"],
    },
  },
});
