import { readFileSync } from "node:fs";

import { expect, hostile, looksWell, test } from "./base";
import { signInAs } from "./people";

// What is refused is reported by the browser as well.
test.use({ allowed: [/40[0349]|ERR_FAILED/] });

const unique = () => crypto.randomUUID().slice(0, 8);

test("calls are found by what was called, by whom, on whom, and how it ended", async ({ page, shop }) => {
  const email = `audit-${unique()}@example.com`;
  const { uuid } = await shop.call("create_contact", { email });
  const { shops } = await shop.call("list_shops");
  await shop.call("create_credit_reception", { shop_uuid: shops[0].uuid, contact_uuid: uuid, credits: 7 });
  // Few enough to be looked at.
  await page.goto("/audit?tool=create_promotion");
  await expect(page.getByRole("table", { name: "Calls" })).toBeVisible();
  await looksWell(page, "audit");
  await page.goto("/audit");
  await expect(page.getByRole("button", { name: "Show more" })).toBeVisible();
  await page.getByLabel("Contact").fill(email);
  await page.getByLabel("Tool or operation").fill("piggy_create_credit_reception");
  await page.getByRole("button", { name: "Search" }).click();
  const rows = page.getByRole("table", { name: "Calls" }).getByRole("row");
  await expect(rows).toHaveCount(2);
  await expect(page).toHaveURL(new RegExp(`contact=${uuid}`));
  await page.reload();
  await expect(rows).toHaveCount(2);
  await page.getByLabel("Outcome").selectOption("refused");
  await expect(page.getByText("No calls here")).toBeVisible();
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect(page).toHaveURL(/\/audit$/);
  await page.getByLabel("Contact").fill(`nobody-${unique()}@example.com`);
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByText("There is no contact nobody-")).toBeVisible();
});

test("a call is shown whole, and taken back", async ({ page, shop }) => {
  const email = `undo-${unique()}@example.com`;
  const { uuid } = await shop.call("create_contact", { email });
  const { shops } = await shop.call("list_shops");
  await shop.call("create_credit_reception", { shop_uuid: shops[0].uuid, contact_uuid: uuid, credits: 9 });
  await page.goto(`/audit?contact=${uuid}&tool=create_credit_reception`);
  await page.getByRole("link", { name: "create_credit_reception" }).first().click();
  await expect(page.getByRole("heading", { name: "Create credit reception", level: 1 })).toBeVisible();
  await expect(page.getByRole("region", { name: "Arguments" })).toContainText('"credits": 9');
  await looksWell(page, "audit-call");
  await page.getByRole("button", { name: "Take it back" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "See what it would do" }).click();
  await expect(dialog.getByText("What would change")).toBeVisible();
  await looksWell(page, "audit-undo");
  await dialog.getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByText("Taken back by")).toBeVisible();
  expect((await shop.call("get_contact_credit_balance", { contact_uuid: uuid })).balance).toBe(0);
});

test("what cannot be taken back says why", async ({ page, shop }) => {
  await shop.call("create_contact", { email: `stays-${unique()}@example.com` });
  const { calls } = await shop.call("list_audit_calls", { operation: "create_contact", outcome: "done", limit: 1 });
  await page.goto(`/audit/${calls[0].uuid}`);
  await page.getByRole("button", { name: "Take it back" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("cannot be taken back");
});

test("hostile words on record are text", async ({ page, shop }) => {
  const mark = unique();
  for (const text of hostile) {
    await shop.call("create_shop", { name: `${mark} ${text.replace(/[\u0000-\u001f]/g, "")}` });
  }
  const { calls } = await shop.call("list_audit_calls", { operation: "create_shop", limit: hostile.length });
  for (const call of calls) {
    await page.goto(`/audit/${call.uuid}`);
    await expect(page.getByRole("region", { name: "Arguments" })).toContainText(mark);
    expect(await page.title()).toContain("Create Shop");
  }
});

test("a long record comes a page at a time, and is exported whole, as lines and as a table", async ({ page, shop }) => {
  const tag = `tag${unique()}`;
  for (let at = 0; at < 55; at++) await shop.call("create_contact", { email: `${tag}-${at}@example.com` });
  await page.goto("/audit?tool=create_contact");
  const rows = page.getByRole("table", { name: "Calls" }).getByRole("row");
  await expect(rows).toHaveCount(51);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect.poll(() => rows.count()).toBeGreaterThan(55);
  await page.getByRole("button", { name: "Export" }).click();
  const dialog = page.getByRole("dialog");
  await looksWell(page, "audit-export");
  for (const [format, lines] of [["jsonl", 55], ["csv", 56]] as const) {
    await dialog.getByLabel("Format").selectOption(format);
    const download = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Export" }).click();
    const text = readFileSync(await (await download).path(), "utf8");
    expect(text.trim().split("\n").length).toBeGreaterThanOrEqual(lines);
    expect(text).toContain(`${tag}-0@example.com`);
    await expect(dialog.getByText("calls are in the file")).toBeVisible();
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByRole("button", { name: "Export" }).click();
  }
});

test.describe("when things go wrong", () => {
  test("verifying is for the owner of the installation, and says so", async ({ page, shop }) => {
    void shop;
    await page.goto("/audit?tool=create_promotion");
    await page.getByRole("button", { name: "Verify now" }).click();
    await expect(page.getByRole("dialog").getByText("Only the owner of the installation may verify")).toBeVisible();
    await expect(page.getByRole("dialog").getByText("piggy verify")).toBeVisible();
    await looksWell(page, "audit-verify-refused");
  });

  test("what verifying finds is shown", async ({ page, shop }) => {
    void shop;
    await page.route("**/platform/operations/verify", (route) => route.fulfill({
      json: {
        data: {
          clean: false,
          accounts: [{ name: "demo", accounts: 20, entries: 400, issued: 1200, held: 900, calls: 310, problems: ["Call 17 does not fit its hash."] }],
        },
      },
    }));
    await page.goto("/audit?tool=create_promotion");
    await page.getByRole("button", { name: "Verify now" }).click();
    await expect(page.getByRole("dialog").getByText("Call 17 does not fit its hash.")).toBeVisible();
    await looksWell(page, "audit-verify");
  });

  test("an export is stopped, and goes on after the server was gone", async ({ page, shop }) => {
    await shop.call("create_contact", { email: `stop-${unique()}@example.com` });
    await page.goto("/audit?tool=create_contact");
    await expect(page.getByRole("table", { name: "Calls" })).toBeVisible();
    await page.route("**/platform/operations/list_audit_calls", (route) => route.abort());
    await page.getByRole("button", { name: "Export" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Export" }).click();
    await expect(dialog.getByRole("alert")).toBeVisible();
    await page.unroute("**/platform/operations/list_audit_calls");
    // One that never answers is stopped by hand.
    await page.route("**/platform/operations/list_audit_calls", () => undefined);
    await dialog.getByRole("button", { name: "Export" }).click();
    await dialog.getByRole("button", { name: "Stop" }).click();
    await expect(dialog.getByText(/^Stopped:/)).toBeVisible();
    await page.unroute("**/platform/operations/list_audit_calls");
    const download = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Export" }).click();
    await download;
  });

  test("the server is gone: the list says so, and recovers", async ({ page, shop }) => {
    void shop;
    await page.route("**/platform/operations/list_audit_calls", (route) => route.abort());
    await page.goto("/audit");
    await expect(page.getByText("The server does not answer.")).toBeVisible();
    await page.unroute("**/platform/operations/list_audit_calls");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("table", { name: "Calls" })).toBeVisible();
  });

  test("a viewer sees what the role shows", async ({ page }) => {
    await signInAs(page, "viewer");
    await page.goto("/audit");
    const table = page.getByRole("table", { name: "Calls" });
    const refused = page.getByText("Your role does not let you see this.");
    await expect(table.or(refused)).toBeVisible();
  });
});
