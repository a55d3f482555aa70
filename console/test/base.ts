// What the tests of pages share: a person who is signed in, and the looks of a page.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as plain, type APIRequestContext, type Page } from "@playwright/test";

import { server as dutch } from "../src/words/server_nl";

export { expect };

/** Where the program keeps its data; the demo's sign-in lies there. */
const data = process.env["PIGGY_DATA"]!;
const screenshots = process.env["PIGGY_SCREENSHOTS"] ?? "../build/screenshots";
export const owner = { email: "demo@example.com", password: "" };

function password(): string {
  owner.password ||= readFileSync(join(data, "demo-tokens"), "utf8").split("\n")[4]!;
  return owner.password;
}

/** Operations as the person who is signed in, beside the page: to make what a test needs. */
export class Shop {
  private constructor(private readonly request: APIRequestContext, private readonly proof: string) {}

  static async open(request: APIRequestContext, who = { email: owner.email, password: password() }): Promise<Shop> {
    const response = await request.post("/platform/session", { data: who });
    expect(response.status(), await response.text()).toBe(200);
    return new Shop(request, (await response.json()).data.proof);
  }

  /** Answers what the operation answers; a refusal fails the test. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async call(name: string, input: object = {}): Promise<any> {
    const response = await this.ask(name, input);
    expect(response.ok(), `${name}: ${await response.text()}`).toBe(true);
    return (await response.json()).data;
  }

  /** Answers why the operation says no; that it says yes fails the test. */
  async refused(name: string, input: object): Promise<{ message: string; errors?: Record<string, string[]> }> {
    const response = await this.ask(name, input);
    expect(response.ok(), `${name}: ${await response.text()}`).toBe(false);
    return response.json();
  }

  private ask(name: string, input: object) {
    return this.request.post(`/platform/operations/${name}`, {
      data: input, headers: { "X-Piggy-Proof": this.proof, "Idempotency-Key": crypto.randomUUID() },
    });
  }
}

interface Given {
  /** Signed in as the demo's owner; `page` is signed in with it. */
  shop: Shop;
  /** Problems that the browser reports fail the test, but for those that match. */
  allowed: RegExp[];
}

export const test = plain.extend<Given>({
  allowed: [[], { option: true }],
  // With a session of its own, so that the page can lose its own. The page begins with the same one.
  shop: async ({ page, playwright, baseURL }, use) => {
    const request = await playwright.request.newContext({ baseURL: baseURL! });
    const shop = await Shop.open(request);
    await page.context().addCookies((await request.storageState()).cookies);
    await use(shop);
    await request.dispose();
  },
  page: async ({ page, allowed }, use) => {
    const problems: string[] = [];
    const keep = (text: string) => {
      if (!allowed.some((one) => one.test(text))) problems.push(text);
    };
    page.on("pageerror", (error) => keep(`error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") keep(`${message.type()}: ${message.text()} ${message.location().url}`);
    });
    await use(page);
    expect(problems, "what the browser complained of").toEqual([]);
  },
});

/** Until nothing on the page is being loaded. */
export async function settled(page: Page) {
  await expect(page.getByRole("status").filter({ hasText: /Loading|Laden/ })).toHaveCount(0);
}

// What axe finds depends on colours and on what is shown: once in the dark and once narrow is all of it.
// Dutch words are longer: they are looked at wide, and must fit where it is narrow.
const looks = [
  { name: "light", width: 1440, height: 900, colorScheme: "light", axe: false },
  { name: "dark", width: 1440, height: 900, colorScheme: "dark", axe: true },
  { name: "narrow", width: 360, height: 760, colorScheme: "light", axe: true },
] as const;

/**
 * The page as it is now, in light, dark and narrow, and in Dutch: a picture of each, no rule of WCAG
 * 2.2 AA that axe knows is broken, and nothing is wider than the window.
 */
export async function looksWell(page: Page, name: string, { dutch = true } = {}) {
  for (const look of looks) {
    await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width: look.width, height: look.height });
    await settled(page);
    await takePicture(page, `${name}-${look.name}`);
    await fits(page, name);
    if (look.axe) await isAccessible(page, `${name}, ${look.name}`);
  }
  if (dutch) await looksWellInDutch(page, name);
  await page.emulateMedia({ colorScheme: "light" });
}

async function looksWellInDutch(page: Page, name: string) {
  const before = await speak(page, "nl");
  await settled(page);
  await fits(page, `${name} in Dutch`);
  await page.setViewportSize({ width: 1440, height: 900 });
  await takePicture(page, `${name}-dutch`);
  await fits(page, `${name} in Dutch`);
  await saysNothingRaw(page, `${name} in Dutch`);
  await isAccessible(page, `${name} in Dutch`, { contrast: false }); // The slowest by far; the colours are the same.
  await speak(page, before);
}

/** Under load Chromium may wait for a frame that it never draws: another window size makes it draw one. */
async function takePicture(page: Page, name: string) {
  await page.evaluate(() => window.scrollTo(0, 0));
  const take = () => page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true, animations: "disabled", timeout: 30_000 });
  await take().catch(async (reason: unknown) => {
    console.warn(`${name}: no picture within 30 s, once more`);
    const { width, height } = page.viewportSize()!;
    await page.setViewportSize({ width, height: height + 1 });
    await page.setViewportSize({ width, height });
    await take().catch(() => Promise.reject(reason));
  });
}

async function fits(page: Page, name: string) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, `${name} is wider than ${page.viewportSize()!.width} px by`).toBeLessThanOrEqual(0);
}

async function isAccessible(page: Page, name: string, { contrast = true } = {}) {
  const axe = new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]);
  const found = await (contrast ? axe : axe.disableRules(["color-contrast"])).analyze();
  expect(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`), name).toEqual([]);
}

/** As if the language had been chosen in another tab: the page keeps all that it shows. Answers what was chosen before. */
async function speak(page: Page, language: string | null): Promise<string | null> {
  const before = await page.evaluate((chosen) => {
    const old = localStorage.getItem("language");
    if (chosen === null) localStorage.removeItem("language");
    else localStorage.setItem("language", chosen);
    window.dispatchEvent(new StorageEvent("storage", { key: "language", oldValue: old, newValue: chosen }));
    return old;
  }, language);
  await expect(page.locator("html")).toHaveAttribute("lang", language ?? "en");
  return before;
}

/** Nowhere stands the name of a text in its place, what JavaScript writes for what is not there, or English that we have in Dutch. */
async function saysNothingRaw(page: Page, name: string) {
  const texts = await page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent?.trim() ?? "";
      if (text && !walker.currentNode.parentElement?.closest("code, pre, textarea, .font-mono")) found.push(text);
    }
    for (const one of document.querySelectorAll("[aria-label], [title], [placeholder]")) {
      for (const attribute of ["aria-label", "title", "placeholder"]) {
        if (one.hasAttribute(attribute)) found.push(one.getAttribute(attribute)!);
      }
    }
    return found;
  });
  expect(texts.filter((one) => /^[a-z]+([A-Z][a-z]+)+$|\bundefined\b|\bNaN\b|\[object /.test(one)), name).toEqual([]);
  expect(texts.filter((one) => one.endsWith(".") && dutch.say(one) !== one), `${name}: as the server says it`).toEqual([]);
}

/** What somebody may have typed into any field, who means no good. It must show up as text. */
export const hostile = [
  '<img src=x onerror="document.title=\'owned\'">',
  "\"><script>document.title='owned'</script>",
  "javascript:document.title='owned'//",
  "{{constructor.constructor('document.title=1')()}}",
  "\u202Egnp.exe \u0000\u0007 Robert'); DROP TABLE contact;--",
];
