import { expect, looksWell, test } from "./base";

test.use({ allowed: [/\b(400|403|404)\b|ERR_FAILED/] });

test("the figures are shown as charts, as tables, and of the days that the address says", async ({ page, shop }) => {
  void shop;
  await page.goto("/insights");
  await expect(page.getByRole("img", { name: "Liability" })).toBeVisible();
  await looksWell(page, "insights");
  await page.getByRole("button", { name: "Days" }).click();
  await expect(page).toHaveURL(/by=day/);
  await page.getByLabel("From", { exact: true }).fill("2026-01-01");
  await page.getByLabel("Until", { exact: true }).fill("2026-01-31");
  await expect(page).toHaveURL(/from=2026-01-01/);
  await page.reload();
  await expect(page.getByLabel("From", { exact: true })).toHaveValue("2026-01-01");
  const card = page.locator("section").filter({ has: page.getByRole("heading", { name: "Liability" }) });
  await card.getByRole("button", { name: "Table" }).click();
  await expect(card.getByRole("row")).toHaveCount(32);
  await card.getByText("Query", { exact: true }).click();
  await expect(card.getByText(/get_loyalty_figures \{"from":"2026-01-01"/)).toBeVisible();
  const kept = page.waitForEvent("download");
  await card.getByRole("button", { name: "Download as CSV: Liability" }).click();
  expect((await kept).suggestedFilename()).toBe("Liability.csv");
});

test("what the server refuses or cannot say is said", async ({ page, shop }) => {
  void shop;
  await page.route(/get_loyalty_figures/, (route) => route.abort());
  await page.goto("/insights");
  await expect(page.getByText("This could not be loaded").first()).toBeVisible();
  await page.unroute(/get_loyalty_figures/);
  await page.getByRole("button", { name: "Try again" }).first().click();
  await expect(page.getByRole("img", { name: "Liability" })).toBeVisible();
});
