// Takes the pictures of the manual from a running demo, once each of its flows has run.
//
//   node pictures.mjs URL DATA      DATA is the demo's data directory, where its sign-in lies

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "@playwright/test";

const [url, data] = process.argv.slice(2);
const to = fileURLToPath(new URL("../manual/pictures/", import.meta.url));
const password = readFileSync(join(data, "demo-tokens"), "utf8").split("\n")[4];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const context = await browser.newContext({
  baseURL: url, viewport: { width: 1280, height: 900 }, colorScheme: "light", locale: "en-GB", timezoneId: "Europe/Amsterdam",
});
const signedIn = await context.request.post("/platform/session", { data: { email: "demo@example.com", password } });
const { proof } = (await signedIn.json()).data;

async function call(name, input = {}) {
  const answer = await context.request.post(`/platform/operations/${name}`, { data: input, headers: { "X-Piggy-Proof": proof } });
  if (!answer.ok()) throw new Error(`${name}: ${await answer.text()}`);
  return (await answer.json()).data;
}

mkdirSync(to, { recursive: true });
const page = await context.newPage();
const { flows } = await call("list_flows");
for (const flow of flows) {
  const { runs } = await call("list_flow_runs", { flow_uuid: flow.uuid });
  const run = runs.find((one) => one.state === "done");
  if (!run) {
    console.error(`${flow.name} has not run to its end yet.`);
    process.exitCode = 1;
    continue;
  }
  await page.goto(`/flows/runs/${run.uuid}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForLoadState("networkidle");
  // The step that says most.
  const step = page.getByRole("button", { name: /^(Which sequence fits|One paragraph|Push)/ });
  if (await step.count()) await step.first().click();
  await page.waitForLoadState("networkidle");
  const name = flow.name.toLowerCase().replaceAll(/[^a-z]+/g, "-");
  await page.screenshot({ path: join(to, `${name}-run.png`), fullPage: true, animations: "disabled" });
  console.log(`${name}-run.png`);
}
await browser.close();
