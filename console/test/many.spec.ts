// Lists of 50,000: a page at a time, found by searching, and still there when one comes back.

import type { Locator, Page } from "@playwright/test";

import { Shop, expect, owner, test as plain } from "./base";
import { addresses, fill, many, some, type Filled } from "./many";

const test = plain.extend<object, { filled: Filled }>({
  filled: [async ({ playwright }, use) => {
    const request = await playwright.request.newContext({ baseURL: process.env["PIGGY_URL"]! });
    await use(await fill(await Shop.open(request)));
    await request.dispose();
  }, { scope: "worker", timeout: 800_000 }],
});

test.use({ allowed: [/status of 40[14]|ERR_FAILED/] });

/** Milliseconds until the first row is there, told and not judged: other work may have the machine. */
async function opened(page: Page, path: string, first: Locator): Promise<number> {
  const began = Date.now();
  await page.goto(path);
  await expect(first).toBeVisible();
  return Date.now() - began;
}

const written = many.toLocaleString("en-GB");
const more = (page: Page) => page.getByRole("button", { name: "Show more" }).first();
const elements = (page: Page) => page.evaluate(() => document.querySelectorAll("*").length);
const scrolled = (page: Page) => page.evaluate(() => Math.round(window.scrollY));

/** A page's rows, then more of them, below those that were there, without a jump. */
async function pages(page: Page, name: string, rows: Locator, size: number) {
  await expect(rows).toHaveCount(size);
  // How long ago something was may be said otherwise by now; what it is called may not.
  const firstName = async () => (await rows.first().innerText()).split(/[\t\n]/)[0];
  const first = await firstName();
  for (const times of [2, 3]) {
    await more(page).scrollIntoViewIfNeeded();
    const at = await scrolled(page);
    await more(page).click();
    await expect(rows).toHaveCount(size * times);
    expect(Math.abs(await scrolled(page) - at), `${name} jumps`).toBeLessThanOrEqual(2);
  }
  expect(await firstName()).toBe(first);
  const count = await elements(page);
  console.log(`${name}: ${size * 3} rows, ${count} elements on the page`);
  expect(count, `${name} shows more than was asked for`).toBeLessThan(400 + size * 3 * 40);
}

const rowsOf = (page: Page, label: string) => page.getByRole("table", { name: label, exact: true }).getByRole("rowgroup").last().getByRole("row");

test("a page of many opens like a page of few", async ({ page, shop, filled }) => {
  void shop;
  const few = [];
  for (let at = 0; at < 3; at++) few.push(await opened(page, "/loyalty/vouchers", rowsOf(page, "Promotions").first()));
  const usual = Math.max(1, few.sort((one, other) => one - other)[1]!);
  const lists: [string, string, string][] = [
    [`${many} contacts`, "/contacts", "Contacts"],
    [`${many} vouchers`, `/loyalty/vouchers/${filled.promotion}`, "Vouchers"],
    [`${many} products`, "/loyalty/products", "Products"],
    [`${many} members`, `/marketing/segments/${filled.segment}#members`, "Members"],
    [`${many} calls`, "/audit", "Calls"],
    [`${addresses} addresses without mail`, "/settings?tab=mail", "Addresses that get no mail"],
    [`${some} submissions`, `/loyalty/forms/${filled.form}?tab=submissions`, "Submissions"],
    ["lead scores", "/marketing/leads", "Scores"],
  ];
  for (const [name, path, label] of lists) {
    const took = await opened(page, path, rowsOf(page, label).first());
    console.log(`${name}: first rows after ${took} ms, ${(took / usual).toFixed(1)} times a list of few (${usual} ms)`);
  }
  const timeline = await opened(page, `/contacts/${filled.regular}`, page.getByRole("list", { name: "Timeline" }).getByRole("listitem").first());
  console.log(`a timeline of ${some}: first rows after ${timeline} ms, ${(timeline / usual).toFixed(1)} times a list of few`);
  const figures = await opened(page, "/insights", page.getByRole("img", { name: "Liability" }));
  console.log(`figures: drawn after ${figures} ms, ${(figures / usual).toFixed(1)} times a list of few`);
});

test("contacts: more of them, found while typing, and one comes back to where one was", async ({ page, shop, filled }) => {
  void shop;
  await page.goto("/contacts");
  const rows = rowsOf(page, "Contacts");
  await pages(page, "contacts", rows, 30);
  await rows.nth(70).scrollIntoViewIfNeeded();
  const at = await scrolled(page);
  await rows.nth(70).getByRole("link").click();
  await expect(page.getByRole("tab", { name: "Timeline" })).toBeVisible();
  await page.goBack();
  await expect(rows).toHaveCount(90);
  await expect.poll(() => scrolled(page)).toBeGreaterThan(at - 200);
  await page.getByRole("button", { name: "Newest first" }).click();
  await expect(rows.first()).not.toContainText("many");
  const search = page.getByRole("combobox", { name: "Search contacts" });
  await search.fill(`many${many - 7}-${filled.word}@example.com`);
  const began = Date.now();
  await expect(page.getByRole("option").first()).toContainText(`Many ${many - 7}`);
  console.log(`one of ${many} contacts: found ${Date.now() - began} ms after it was typed`);
  await search.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Many ${many - 7}`);
});

test("vouchers, products, categories, members, calls and addresses: more of each, and what is looked for", async ({ page, shop, filled }) => {
  void shop;
  await page.goto(`/loyalty/vouchers/${filled.promotion}`);
  await expect(page.getByRole("heading", { name: `${written} vouchers` })).toBeVisible();
  await pages(page, "vouchers", rowsOf(page, "Vouchers"), 50);
  await page.getByLabel("State").selectOption({ label: "redeemed" });
  await expect(rowsOf(page, "Vouchers")).toHaveCount(0);

  await page.goto("/loyalty/products");
  await pages(page, "products", rowsOf(page, "Products"), 50);
  await page.getByLabel("Find by name or identifier").fill(`sku-${many - 7}-${filled.word}`);
  await page.getByRole("button", { name: "Find", exact: true }).click();
  await expect(rowsOf(page, "Products")).toHaveCount(1);
  await expect(rowsOf(page, "Products")).toContainText(`Product ${many - 7}`);
  await page.getByRole("tab", { name: "Categories" }).click();
  await pages(page, "categories", rowsOf(page, "Categories"), 50);

  await page.goto(`/marketing/segments/${filled.segment}#members`);
  await expect(page.getByText(new RegExp(`^${written} members`))).toBeVisible();
  await pages(page, "members", rowsOf(page, "Members"), 30);

  await page.goto("/audit");
  await pages(page, "calls", rowsOf(page, "Calls"), 50);
  await page.getByLabel("Tool or operation").fill("create_segment");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(rowsOf(page, "Calls").first()).toContainText("create_segment");

  await page.goto("/settings?tab=mail");
  await pages(page, "addresses", rowsOf(page, "Addresses that get no mail"), 30);
  await page.getByLabel("Reason").selectOption({ label: "complained" });
  await expect(rowsOf(page, "Addresses that get no mail")).toHaveCount(0);
});

test("submissions, the calendar and a long timeline", async ({ page, shop, filled }) => {
  void shop;
  await page.goto(`/loyalty/forms/${filled.form}`);
  await page.getByRole("tab", { name: "Submissions" }).click();
  await pages(page, "submissions", rowsOf(page, "Submissions"), 50);

  // One each half hour: more in a month than are read at once.
  await page.goto("/loyalty/bookings?day=2026-03-15");
  await expect(page.getByText(/The first 500 of [\d,]+ bookings/)).toBeVisible();
  await more(page).click();
  await expect(page.getByText(/The first 1,000 of [\d,]+ bookings/)).toBeVisible();
  console.log(`the calendar: 1000 of ${some} bookings read, ${await elements(page)} elements on the page`);

  await page.goto(`/contacts/${filled.regular}`);
  await pages(page, "timeline", page.getByRole("list", { name: "Timeline" }).getByRole("listitem"), 30);
  await page.getByRole("tab", { name: "Bookings" }).click();
  await pages(page, "bookings of a contact", rowsOf(page, "Bookings"), 30);
});

test("a server that is gone, and a session that has ended, leave a long list as it is", async ({ page, shop, filled }) => {
  void filled;
  await page.goto("/contacts");
  const rows = rowsOf(page, "Contacts");
  await expect(rows).toHaveCount(30);
  await page.route("**/operations/browse_contacts", (route) => route.abort());
  await more(page).click();
  await expect(page.getByRole("alert")).toContainText("The server does not answer");
  await expect(rows).toHaveCount(30);
  await page.unroute("**/operations/browse_contacts");
  // It stays until it is closed, and lies over the end of the list.
  await page.getByRole("alert").getByRole("button", { name: "Close" }).click();
  await more(page).click();
  await expect(rows).toHaveCount(60);
  await shop.call("sign_out");
  // What the page is told live may have said so already, and then nothing behind the dialog can be pressed.
  await more(page).click({ timeout: 5_000 }).catch(() => undefined);
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Your session has ended");
  await dialog.getByLabel("Password").fill(owner.password);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(rows).toHaveCount(60);
  await more(page).click();
  await expect(rows).toHaveCount(90);
});
