import { Shop, expect, hostile, looksWell, test } from "./base";
import { makeViewer } from "./viewer";

test.describe.configure({ timeout: 240_000 }); // Each look at a page takes seconds.
test.use({ allowed: [/status of 40\d|ERR_FAILED/] });

const unique = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;

test("the programme is shown and changed, and leads to everything else", async ({ page, shop }) => {
  void shop;
  await page.goto("/loyalty");
  await expect(page.getByRole("definition").filter({ hasText: "The Honey Shop" })).toBeVisible();
  await looksWell(page, "loyalty");
  await page.getByRole("button", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Most at once").fill("many");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("must be an integer")).toBeVisible();
  await dialog.getByLabel("Most at once").fill("1000000");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await page.getByRole("button", { name: "Add unit" }).click();
  const name = `km_${unique()}`;
  await dialog.getByLabel("Name", { exact: true }).fill(hostile[0]!);
  await dialog.getByLabel("Name for programs").fill(name);
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(page.getByRole("row", { name })).toContainText(hostile[0]!);
  await page.getByRole("navigation", { name: "Loyalty" }).getByRole("link", { name: "Earning rules" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Earning rules" })).toBeVisible();
});

test("a rule is made and changed, and the tester says what an order would earn and why", async ({ page, shop }) => {
  const word = unique();
  await page.goto("/loyalty/rules");
  await page.getByRole("button", { name: "New rule" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("name must be at least 1")).toBeVisible();
  await dialog.getByLabel("Name").fill(`Big order ${word}`);
  await dialog.getByLabel("Credits per unit").fill("0,5");
  await dialog.getByLabel("Minimum").fill("100000");
  await dialog.getByRole("button", { name: "See what it would do" }).click();
  await expect(dialog.getByText(/What would change|Nothing would change/)).toBeVisible();
  await looksWell(page, "loyalty-rule");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row", { name: `Big order ${word}` })).toContainText("0.5 for each 1 of Purchase Amount");
  await page.getByLabel("Value of the order").fill("49.95");
  await page.getByRole("button", { name: "What would it earn" }).click();
  await expect(page.getByText(/This order would earn \d+ credits/)).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: `Big order ${word}` })).toContainText(/minimum|less|below|at least/i);
  await looksWell(page, "loyalty-rules");
  await page.getByRole("row", { name: `Big order ${word}` }).getByRole("button").click();
  await dialog.getByLabel("Switched on").uncheck();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row", { name: `Big order ${word}` })).toContainText("off");
  const { earning_rules: rules } = await shop.call("list_earning_rules");
  expect(rules.find((one: { name: string }) => one.name === `Big order ${word}`)).toMatchObject({ credits_per_unit: 0.5, minimum_value: 100000, active: false });
});

test("tiers, perks and rewards are made", async ({ page, shop }) => {
  void shop;
  const word = unique();
  await page.goto("/loyalty/tiers");
  await page.getByRole("button", { name: "New tier" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(`Tier ${word}`);
  await dialog.getByLabel("Credits required").fill("none");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByText("must be an integer")).toBeVisible();
  await dialog.getByLabel("Credits required").fill("900000000");
  await dialog.getByLabel("Multiplier").fill("1,5");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("row", { name: `Tier ${word}` })).toBeVisible();
  await looksWell(page, "loyalty-tiers");

  await page.goto("/loyalty/perks");
  await page.getByRole("button", { name: "New perk" }).click();
  await dialog.getByLabel("Name", { exact: true }).fill(`Perk ${word}`);
  await dialog.getByLabel("Name for programs").fill(`perk_${word}`);
  await dialog.getByLabel("Kind").selectOption("single_select");
  await dialog.getByLabel("Option 1").first().fill(hostile[1]!);
  await dialog.getByLabel("Value 1").fill("a");
  await dialog.getByLabel("Option 2").first().fill("Second");
  await dialog.getByLabel("Value 2").fill("b");
  await looksWell(page, "loyalty-perk");
  await dialog.getByRole("button", { name: "Create" }).click();
  const perk = page.getByRole("row", { name: `Perk ${word}` });
  await expect(perk).toContainText(hostile[1]!);
  await looksWell(page, "loyalty-perks");
  await perk.getByRole("button", { name: /^Actions/ }).click();
  await page.getByRole("menuitem", { name: "Delete perk" }).click();
  await dialog.getByRole("button", { name: "Delete perk" }).click();
  await expect(perk).toHaveCount(0);

  await page.goto("/loyalty/rewards");
  await page.getByRole("button", { name: "New reward" }).click();
  await dialog.getByLabel("Name").fill(`Reward ${word}`);
  await dialog.getByLabel("Description").fill(hostile[3]!);
  await dialog.getByLabel("Price in credits").fill("250");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("row", { name: `Reward ${word}` })).toContainText("250 credits");
  await looksWell(page, "loyalty-rewards");
});

test("products and categories are made, found, changed and deleted", async ({ page, shop }) => {
  void shop;
  const word = unique();
  await page.goto("/loyalty/products");
  await page.getByRole("button", { name: "New category" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(`Jars ${word}`);
  await dialog.getByLabel("Your identifier").fill(`cat-${word}`);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByRole("button", { name: "New product" }).click();
  await dialog.getByLabel("Name").fill(hostile[0]!);
  await dialog.getByLabel("Your identifier").fill(`sku-${word}`);
  await dialog.getByLabel(`Jars ${word}`).check();
  await looksWell(page, "loyalty-product");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByLabel("Find by your identifier").fill("nothing-like-it");
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page.getByText("No product has the identifier nothing-like-it")).toBeVisible();
  await page.getByLabel("Find by your identifier").fill(`sku-${word}`);
  await page.getByRole("button", { name: "Find" }).click();
  const row = page.getByRole("row", { name: `sku-${word}` });
  await expect(row).toContainText(`Jars ${word}`);
  await expect(row).toContainText(hostile[0]!);
  await looksWell(page, "loyalty-products");
  await row.getByRole("button", { name: /^Actions/ }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await dialog.getByRole("button", { name: "Delete product" }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole("tab", { name: "Categories" }).click();
  await page.getByRole("row", { name: `cat-${word}` }).getByRole("button", { name: /^Actions/ }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await dialog.getByRole("button", { name: "Delete category" }).click();
  await expect(page.getByRole("row", { name: `cat-${word}` })).toHaveCount(0);
});

test("a server that is gone is said, and comes back; who may only look is told so", async ({ page, shop }) => {
  void shop;
  await page.route("**/operations/list_rewards", (route) => route.abort());
  await page.goto("/loyalty/rewards");
  await expect(page.getByRole("alert")).toContainText("The server does not answer");
  await page.unroute("**/operations/list_rewards");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("row", { name: "Jar of honey" })).toBeVisible();
  await page.context().clearCookies();
  await Shop.open(page.request, makeViewer());
  await page.goto("/loyalty/rewards");
  await page.getByRole("button", { name: "New reward" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Not mine to make");
  await dialog.getByLabel("Price in credits").fill("1");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
});
