import { expect, hostile, looksWell, test, type Shop } from "./base";
import { signInAs } from "./people";

test.use({ allowed: [/40\d|ERR_FAILED/] });

async function member(shop: Shop, name = "erase-me") {
  const email = `${name}-${crypto.randomUUID().slice(0, 8)}@example.com`;
  const { uuid } = await shop.call("create_contact", { email });
  const shops = await shop.call("list_shops");
  await shop.call("create_credit_reception", { contact_uuid: uuid, shop_uuid: shops.shops[0].uuid, credits: 1_250 });
  return { uuid: uuid as string, email };
}

async function requestOf(shop: Shop, contact: string) {
  const { erasure_requests: [one] } = await shop.call("list_erasure_requests", { contact_uuid: contact });
  return one;
}

test("a customer asks to be forgotten, takes it back, asks again, and reads why it was refused", async ({ page, shop }) => {
  const { uuid, email } = await member(shop);
  const offer = await shop.call("create_promotion", { name: "Free tasting", description: "For two." });
  await shop.call("create_voucher", { promotion_uuid: offer.uuid, contact_uuid: uuid });
  const { auth_token: token } = await shop.call("get_contact_auth_token", { contact_uuid: uuid });
  await page.goto(`/portal/demo?token=${token}`);
  await page.getByRole("button", { name: "Erase my data" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("list", { name: "What is lost" })).toContainText("1,250");
  await expect(dialog.getByText("1 voucher that could still be used")).toBeVisible();
  await dialog.getByLabel(/Type your e-mail address/).fill("somebody@example.com");
  await expect(dialog.getByRole("button", { name: "Ask for it" })).toBeDisabled();
  await dialog.getByLabel(/Type your e-mail address/).fill(email.toUpperCase());
  await looksWell(page, "portal-erase");
  await page.route("**/operations/ask_for_erasure", (route) => route.abort());
  await dialog.getByRole("button", { name: "Ask for it" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await page.unroute("**/operations/ask_for_erasure");
  await dialog.getByRole("button", { name: "Ask for it" }).click();
  await expect(page.getByText(/You asked on .* to be erased/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Erase my data" })).toBeHidden();
  await looksWell(page, "portal-erasure-asked");
  await page.getByRole("button", { name: "Keep my membership" }).click();
  await expect(page.getByText(/You asked on .* to be erased/)).toBeHidden();
  expect((await requestOf(shop, uuid)).state).toBe("withdrawn");

  await page.getByRole("button", { name: "Erase my data" }).click();
  await dialog.getByLabel(/Type your e-mail address/).fill(email);
  await dialog.getByRole("button", { name: "Ask for it" }).click();
  await expect(page.getByText(/You asked on .* to be erased/)).toBeVisible();
  await shop.call("refuse_erasure_request", { erasure_request_uuid: (await requestOf(shop, uuid)).uuid, reason: hostile[0]! });
  await page.reload();
  await page.getByRole("button", { name: "Erase my data" }).click();
  await expect(dialog.getByText("<img src=x")).toBeVisible();
});

test("the shop writes down a request, sees what is due, and erases", async ({ page, shop }) => {
  const { uuid, email } = await member(shop, "by-phone");
  await page.goto(`/contacts/${uuid}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Write down an erasure request" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("How").selectOption("phone");
  await dialog.getByLabel("Asked on").fill("2020-01-01");
  await dialog.getByLabel("Note").fill(hostile[1]!);
  await looksWell(page, "erasure-file");
  await dialog.getByRole("button", { name: "Write down a request" }).click();
  await expect(dialog.getByText("must not be more than a year ago")).toBeVisible();
  const longAgo = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10);
  await dialog.getByLabel("Asked on").fill(longAgo);
  await dialog.getByRole("button", { name: "Write down a request" }).click();
  await expect(page.getByText(/This contact asked to be erased: overdue by/)).toBeVisible();
  await looksWell(page, "erasure-contact");
  await page.goto("/");
  await expect(page.getByText(/asked to be erased/)).toBeVisible();
  await page.goto(`/contacts/${uuid}`);
  await page.getByRole("link", { name: "Decide" }).click();
  await expect(page.getByRole("tab", { name: /Erasure requests \(\d+\)/ })).toBeVisible();
  const row = page.getByRole("row").filter({ hasText: email });
  await expect(row).toContainText("overdue");
  await expect(row).toContainText("<script>");
  await looksWell(page, "settings-erasure");
  await row.getByRole("button", { name: `Erase: ${email}` }).click();
  await expect(dialog.getByRole("list", { name: "What is lost" })).toContainText("1,250 credits");
  await expect(dialog.getByText("What would change")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Erase" })).toBeDisabled();
  await dialog.getByLabel(/Type .* to erase it/).fill(email);
  await looksWell(page, "erasure-accept");
  await dialog.getByRole("button", { name: "Erase" }).click();
  await expect(page.getByText("The contact is being erased.")).toBeVisible();
  await expect(row).toBeHidden(); // Told by the server, once its job is done.
  await page.getByLabel("Show").selectOption("done");
  await expect(page.getByRole("row").filter({ hasText: "nobody any longer" }).first()).toContainText("demo@example.com");
  expect(await page.content()).not.toContain(email);
  await looksWell(page, "settings-erasure-done");
});

test("a request that a customer files shows up by itself, and is refused with a reason", async ({ page, shop }) => {
  const { uuid, email } = await member(shop, "asks");
  await page.goto("/settings?tab=erasure");
  await expect(page.getByRole("button", { name: "Write down a request" })).toBeVisible();
  await shop.call("ask_for_erasure", { contact_uuid: uuid, email });
  const row = page.getByRole("row").filter({ hasText: email });
  await expect(row).toContainText("on the customers' page");
  await row.getByRole("button", { name: `Refuse: ${email}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Refuse" }).click();
  await expect(dialog.getByText(/reason/i).last()).toBeVisible();
  await dialog.getByLabel("Why").fill(hostile[2]!);
  await looksWell(page, "erasure-refuse");
  await dialog.getByRole("button", { name: "Refuse" }).click();
  await expect(page.getByText("The request was refused.")).toBeVisible();
  await page.getByLabel("Show").selectOption("refused");
  await expect(page.getByRole("row").filter({ hasText: email })).toContainText("javascript:document.title");
});

test("many requests come a page at a time; a viewer sees them and decides nothing; a server that is gone is said", async ({ page, shop }) => {
  for (let at = 0; at < 35; at++) {
    const { uuid } = await shop.call("create_contact", { email: `many-${at}-${crypto.randomUUID().slice(0, 8)}@example.com` });
    await shop.call("file_erasure_request", { contact_uuid: uuid, channel: "shop" });
  }
  await page.goto("/settings?tab=erasure");
  await expect(page.getByRole("row")).toHaveCount(31);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect.poll(() => page.getByRole("row").count()).toBeGreaterThanOrEqual(36);
  await page.route("**/operations/list_erasure_requests*", (route) => route.abort());
  await page.reload();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await page.unroute("**/operations/list_erasure_requests*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("row").nth(1)).toBeVisible();

  await signInAs(page, "viewer");
  await page.goto("/settings?tab=erasure");
  await page.getByRole("button", { name: /^Refuse/ }).first().click();
  await page.getByRole("dialog").getByLabel("Why").fill("I may not.");
  await page.getByRole("dialog").getByRole("button", { name: "Refuse" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toBeVisible();
});
