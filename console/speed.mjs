// How fast the console is on a running server: each page from a reload to the moment in which it can
// be used, and the search of contacts from a key to its answer on the screen. Prints JSON.
//
//   node speed.mjs URL EMAIL PASSWORD REPEATS      the names to search for come on standard input, a line each

import { readFileSync } from "node:fs";

import { chromium } from "@playwright/test";

const [url, email, password, repeats] = process.argv.slice(2);
const names = readFileSync(0, "utf8").split("\n").filter(Boolean);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 }, locale: "en-GB" });
const signedIn = await context.request.post("/platform/session", { data: { email, password } });
const { proof } = (await signedIn.json()).data;

async function call(name, input = {}) {
  const answer = await context.request.post(`/platform/operations/${name}`, { data: input, headers: { "X-Piggy-Proof": proof } });
  if (!answer.ok()) throw new Error(`${name}: ${await answer.text()}`);
  return (await answer.json()).data;
}

async function addresses() {
  const { contacts } = await call("search_contacts", { text: names[0], beginnings: true });
  const { segments } = await call("list_segments");
  const { personas } = await call("list_personas");
  return [
    "/", "/integrations", "/integrations/built-in", "/integrations/tools/create_credit_reception", "/personas",
    ...(personas[0] ? [`/personas/${personas[0].uuid}`] : []), "/chat", "/approvals", "/flows", "/contacts", `/contacts/${contacts[0].uuid}`,
    "/contacts/import", "/loyalty", "/loyalty/rules", "/loyalty/tiers", "/loyalty/perks", "/loyalty/rewards", "/loyalty/vouchers",
    "/loyalty/products", "/loyalty/bookings", "/loyalty/forms", "/marketing", "/marketing/segments",
    ...(segments[0] ? [`/marketing/segments/${segments[0].uuid}`] : []), "/marketing/sequences", "/marketing/campaigns",
    "/marketing/templates", "/marketing/leads", "/insights", "/audit", "/settings",
  ];
}

/** Milliseconds from the request of the page to its heading with everything in it. */
async function opened(page, address) {
  await page.goto(address, { waitUntil: "commit" });
  return page.evaluate(() => new Promise((done, failed) => {
    const look = () => {
      const busy = [...document.querySelectorAll('[role="status"]')].some((one) => /Loading/.test(one.textContent + one.getAttribute("aria-label")));
      if (document.querySelector("h1") && !busy) done(performance.now());
      else if (performance.now() > 60_000) failed(new Error("it never comes to rest"));
      else requestAnimationFrame(look);
    };
    look();
  }));
}

/** Milliseconds from each key to its answer. */
async function typed(page, name) {
  const spent = [];
  for (let length = 1; length <= name.length; length++) {
    spent.push(await page.evaluate((text) => new Promise((done, failed) => {
      const box = document.querySelector('input[role="combobox"]');
      const list = document.getElementById(box.getAttribute("aria-controls"));
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(box, text);
      const begin = performance.now();
      box.dispatchEvent(new Event("input", { bubbles: true }));
      const look = () => {
        if (list.getAttribute("aria-busy") === "false" && box.value === text) done(performance.now() - begin);
        else if (performance.now() - begin > 30_000) failed(new Error(`no answer for ${text}`));
        else requestAnimationFrame(look);
      };
      look();
    }), name.slice(0, length)));
  }
  return spent;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const page = await context.newPage();
const pages = {};
for (const address of await addresses()) {
  await opened(page, address); // The first time fills the browser's cache.
  const spent = [];
  for (let i = 0; i < Number(repeats); i++) spent.push(await opened(page, address));
  pages[address] = median(spent);
}
await opened(page, "/contacts");
const keys = [];
for (const name of names) keys.push(...await typed(page, name));
console.log(JSON.stringify({ pages, keys }));
await browser.close();
