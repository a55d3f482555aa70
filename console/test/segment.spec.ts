import { Shop, expect, hostile, looksWell, test } from "./base";

// Conditions that are not right yet are refused while somebody writes them.
test.use({ allowed: [/\b(400|403|404)\b|ERR_FAILED/] });

let count = 0;
const unique = (name: string) => `${name} ${Date.now().toString(36)}${count++}`;

async function contact(shop: Shop): Promise<{ uuid: string; email: string }> {
  const email = `${unique("member").replace(" ", "-")}@example.com`;
  const made = await shop.call("create_contact", { email });
  return { uuid: made.uuid ?? made.contact.uuid, email };
}

test("a segment is built by conditions, with a live count", async ({ page, shop }) => {
  const one = await contact(shop);
  await page.goto("/marketing/segments");
  await page.getByRole("button", { name: "New segment" }).click();
  const dialog = page.getByRole("dialog");
  const name = unique("Members");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("What", { exact: true }).selectOption("email");
  await dialog.getByLabel("How", { exact: true }).selectOption("equals");
  await dialog.getByLabel("Value").fill(one.email);
  await expect(dialog.getByText(one.email)).toBeVisible();
  await dialog.getByRole("button", { name: "Group", exact: true }).click();
  await dialog.getByLabel("What", { exact: true }).nth(1).selectOption("subscription");
  await expect(dialog.getByText("Choose which subscription.")).toBeVisible();
  await looksWell(page, "segment-new");
  await dialog.getByLabel("What", { exact: true }).nth(1).selectOption("email");
  await dialog.getByLabel("How", { exact: true }).nth(1).selectOption("is_set");
  await dialog.getByRole("button", { name: "New segment" }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  await expect(page.getByText(/meets? this/)).toBeVisible();
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByText(/^Refreshed:/)).toBeVisible();
  await looksWell(page, "segment");
  await page.getByRole("tab", { name: "Members" }).click();
  await expect(page.getByRole("link", { name: one.email })).toBeVisible();
  await looksWell(page, "segment-members");
  await page.getByRole("tab", { name: "Why somebody is in it" }).click();
  await page.getByLabel("Contact", { exact: true }).fill(one.email);
  await page.getByRole("button", { name: one.email }).click();
  await expect(page.getByText(`${one.email} is in this segment`)).toBeVisible();
  await looksWell(page, "segment-explain");
});

test("all kinds of conditions are asked for, and the server takes them", async ({ page, shop }) => {
  const made = await shop.call("create_segment", { name: unique("Kinds"), conditions: { all: [{ field: "balance", is: "at_least", value: 1 }] } });
  await page.goto(`/marketing/segments/${made.uuid}`);
  const what = page.getByLabel("What", { exact: true });
  const needs = ["tier", "shop", "segment", "subscription", "channel", "lead_temperature", "email", "email_domain"];
  const values = await what.locator("option").evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value));
  for (const value of values.filter((one) => !needs.includes(one) && !one.startsWith("attribute."))) {
    await what.selectOption(value);
    const answered = page.waitForResponse((response) => response.url().includes("preview_segment") && (response.request().postData() ?? "").includes(`"${value}"`));
    expect((await answered).status(), value).toBe(200);
  }
});

test("a segment by hand takes contacts and lets them go", async ({ page, shop }) => {
  const one = await contact(shop);
  const made = await shop.call("create_segment", { name: unique("Guests") });
  await page.goto(`/marketing/segments/${made.uuid}`);
  await expect(page.getByText("Nobody is in it")).toBeVisible();
  await page.getByLabel("Add a contact").fill(one.email);
  await page.getByRole("button", { name: one.email }).click();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("link", { name: one.email })).toBeVisible();
  await page.getByRole("button", { name: `Remove ${one.email}` }).click();
  await expect(page.getByText("Nobody is in it")).toBeVisible();
});

test("a push says what is missing; a segment is deleted after it was asked", async ({ page, shop }) => {
  const name = unique("Pushed");
  const made = await shop.call("create_segment", { name, conditions: { field: "balance", is: "at_least", value: 1 } });
  await page.goto(`/marketing/segments/${made.uuid}#pushes`);
  await page.getByRole("button", { name: "Push to an audience" }).click();
  const dialog = page.getByRole("dialog");
  await looksWell(page, "segment-push");
  await dialog.getByRole("button", { name: "Push to an audience" }).click();
  await expect(dialog.locator("[aria-invalid]").first()).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("tab", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Delete segment" }).click();
  await dialog.getByRole("button", { name: "Delete segment" }).click();
  await expect(page.getByRole("heading", { name: "Segments", level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name })).toHaveCount(0);
});

test("segments are listed; hostile names are text; the server is gone and found again", async ({ page, shop }) => {
  const name = unique(hostile[0]!);
  await shop.call("create_segment", { name, description: hostile[1], conditions: { field: "email", is: "contains", value: hostile[2] } });
  await page.route(/list_segments/, (route) => route.abort());
  await page.goto("/marketing/segments");
  await expect(page.getByText("This could not be loaded")).toBeVisible({ timeout: 20_000 });
  await page.unroute(/list_segments/);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText(name).click();
  await expect(page.getByLabel("Value")).toHaveValue(hostile[2]!);
  expect(await page.title()).not.toBe("owned");
  await page.goto("/marketing/segments");
  await expect(page.getByText(name)).toBeVisible();
  await looksWell(page, "segments");
});
