// Takes the pictures of the manual: starts a demo and an empty server of its own, goes through their
// pages as the manual tells of them, and ends both.
//
//   node pictures.mjs [NAME…]      all of them, or only those named, such as first-run
//
// Runs the program of build/release. PIGGY_CONSOLE: a console beside it, instead of the one in it.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { chromium } from "@playwright/test";

const root = fileURLToPath(new URL("../", import.meta.url));
const to = join(root, "manual/pictures");
const pages = process.env.PIGGY_CONSOLE ? ["--console-folder", process.env.PIGGY_CONSOLE] : [];
const wanted = process.argv.slice(2);
const readyMs = 60_000;
const flowsMs = 300_000;

const folder = mkdtempSync(join(tmpdir(), "piggy-pictures-"));
const started = [];

function freePort() {
  return new Promise((ready) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => ready(port));
    });
  });
}

/** Until `look` answers something; it may fail before. */
async function until(what, limitMs, look) {
  for (const end = Date.now() + limitMs; Date.now() < end; await pause(500)) {
    const found = await look().catch(() => undefined);
    if (found) return found;
  }
  throw new Error(`${what} did not come within ${limitMs / 1000} seconds.`);
}

/** A program that serves `name`'s data, beside what `services` starts. What it prints is kept. */
async function serve(name, services, ...options) {
  const address = `127.0.0.1:${await freePort()}`;
  const serving = [join(root, "build/release/piggy"), "serve", "--data", join(folder, name), "--listen", address, ...pages, ...options];
  const [command, ...rest] = [...services, ...serving];
  const env = Object.fromEntries(Object.entries(process.env).filter(([variable]) => !variable.startsWith("PIGGY_")));
  const server = { url: `http://${address}`, said: "", data: join(folder, name) };
  const child = spawn(command, rest, { env, stdio: ["ignore", "pipe", "inherit"] });
  child.stdout.on("data", (more) => { server.said += more; });
  started.push(child);
  await until(name, readyMs, async () => (await fetch(`${server.url}/readyz`)).ok);
  return server;
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});

const open = (url) => browser.newContext({
  baseURL: url, viewport: { width: 1200, height: 780 }, colorScheme: "light", locale: "en-GB", timezoneId: "Europe/Amsterdam",
});

const asks = (name) => wanted.length === 0 || wanted.includes(name);

/** What is seen of the page; `whole` for a page that is one thing, such as a flow's run. */
async function take(page, name, { whole = false } = {}) {
  await page.waitForLoadState("networkidle");
  await page.getByRole("status").filter({ hasText: "Loading" }).first().waitFor({ state: "detached" });
  await page.evaluate(() => document.activeElement?.blur());
  await page.screenshot({ path: join(to, `${name}.png`), fullPage: whole, animations: "disabled" });
  console.log(`${name}.png`);
}

async function firstRun() {
  const server = await serve("empty", []);
  const begin = await until("the address to begin at", readyMs, async () => /http:\S+\?setup=\w+/.exec(server.said)?.[0]);
  const page = await (await open(server.url)).newPage();
  await page.goto(begin);
  await page.getByLabel("E-mail address").fill("bea@example.com");
  await page.getByLabel("Your name").fill("Bea");
  await page.getByLabel("Password").fill("nine bees in a jar");
  await take(page, "first-run");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("Company or shop").fill("Bea's Bees");
  await page.getByRole("button", { name: "Make my shop" }).click();
  await page.getByRole("heading", { name: "Bea's Bees is ready" }).waitFor();
  await take(page, "welcome");
}

/** Calls operations as the demo's owner, whom the context is then signed in as. */
async function signIn(context, data) {
  const password = readFileSync(join(data, "demo-tokens"), "utf8").split("\n")[4];
  const answer = await context.request.post("/platform/session", { data: { email: "demo@example.com", password } });
  const { proof } = (await answer.json()).data;
  return async (name, input = {}) => {
    const answered = await context.request.post(`/platform/operations/${name}`, {
      data: input, headers: { "X-Piggy-Proof": proof, "Idempotency-Key": crypto.randomUUID() },
    });
    if (!answered.ok()) throw new Error(`${name}: ${await answered.text()}`);
    return (await answered.json()).data;
  };
}

/** What a shop has after its first weeks, beside what the demo brings. */
async function furnish(call) {
  // A letter can be drawn by every machine; not each has a font of emoji.
  const { personas: [mara] } = await call("list_personas");
  await call("update_persona", { persona_uuid: mara.uuid, avatar: "" });
  await call("grant_tools", { persona_uuid: mara.uuid, grants: [{ tool: "piggy_create_credit_reception", limits: { points_per_day: 100 } }] });
  const chat = await call("start_conversation", { persona_uuid: mara.uuid });
  const say = async (text) => {
    await call("send_message", { conversation_uuid: chat.uuid, text });
    await until("an answer", readyMs, async () => (await call("get_conversation", { conversation_uuid: chat.uuid })).state === "idle");
  };
  await say("How many points does kees@example.com have?");
  await say("Give 250 points to kees@example.com");
  await say("Harbour Street");
  const kees = await call("find_contact", { email: "kees@example.com" });
  const { promotions: [, jar] } = await call("list_promotions");
  await call("create_voucher", { promotion_uuid: jar.uuid, contact_uuid: kees.uuid });
  return { mara, chat, kees };
}

async function demo() {
  const server = await serve("demo", ["/usr/bin/python3", join(root, "test/services/demo_services.py"), "--port", String(await freePort()),
                                      "--keep", join(folder, "received.json"), "--"], "--demo");
  const context = await open(server.url);
  const call = await signIn(context, server.data);
  const runs = await until("a run of each flow", flowsMs, async () => {
    const { flows } = await call("list_flows");
    const done = await Promise.all(flows.map(async (flow) => {
      const all = (await call("list_flow_runs", { flow_uuid: flow.uuid })).runs;
      return { flow, run: all.find((one) => one.state === "done") };
    }));
    return flows.length >= 3 && done.every((one) => one.run) ? done : undefined;
  });
  const { mara, chat, kees } = await furnish(call);
  const page = await context.newPage();
  const show = async (address, name, then) => {
    if (!asks(name)) return;
    await page.goto(address);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.waitForLoadState("networkidle");
    await then?.();
    await take(page, name);
  };
  for (const { flow, run } of runs) {
    const name = `${flow.name.toLowerCase().replaceAll(/[^a-z]+/g, "-")}-run`;
    if (!asks(name)) continue;
    await page.goto(`/flows/runs/${run.uuid}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForLoadState("networkidle");
    // The step that says most.
    const step = page.getByRole("button", { name: /^(Which sequence fits|One paragraph|Push)/ });
    if (await step.count()) await step.first().click();
    await take(page, name, { whole: true });
  }
  const leadMagnet = runs.find((one) => one.flow.template_name === "lead_magnet").flow;
  await show("/", "home");
  await show("/integrations", "integrations");
  await show("/integrations/tools/piggy_create_credit_reception", "tool");
  await show(`/personas/${mara.uuid}?tab=grants`, "persona");
  await show(`/chat/${chat.uuid}`, "chat");
  await show("/approvals", "approvals");
  await show("/flows", "flows");
  await show(`/flows/${leadMagnet.uuid}`, "flow", () => page.getByRole("button", { name: /^Which sequence fits/ }).first().click());
  await show("/contacts", "contacts");
  await show(`/contacts/${kees.uuid}`, "contact");
  await show("/loyalty", "loyalty");
  await show("/loyalty/rules", "rules", async () => {
    await page.getByLabel("Value of the order").fill("49.95");
    await page.getByRole("button", { name: "What would it earn" }).click();
  });
  await show("/loyalty/vouchers", "vouchers");
  await show("/marketing/campaigns", "campaigns");
  await show("/marketing/segments", "segments");
  await show("/insights", "insights");
  await show("/audit", "audit");
  await show("/settings", "settings");
  if (asks("customer")) {
    const { auth_token: token } = await call("get_contact_auth_token", { contact_uuid: kees.uuid });
    const theirs = await (await open(server.url)).newPage();
    await theirs.setViewportSize({ width: 420, height: 800 });
    await theirs.goto(`/portal/demo?token=${token}`);
    await theirs.getByRole("heading", { level: 1 }).waitFor();
    await take(theirs, "customer");
  }
}

mkdirSync(to, { recursive: true });
try {
  if (asks("first-run") || asks("welcome")) await firstRun();
  if (wanted.length === 0 || wanted.some((name) => name !== "first-run" && name !== "welcome")) await demo();
} finally {
  await browser.close();
  for (const child of started) child.kill();
  await Promise.all(started.map((child) => child.exitCode ?? new Promise((ended) => child.once("exit", ended))));
  rmSync(folder, { recursive: true, force: true });
}
