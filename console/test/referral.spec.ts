import { expect, hostile, looksWell, test, type Shop } from "./base";
import { signInAs } from "./people";

test.use({ allowed: [/status of 4\d\d|ERR_FAILED/] });

const unique = () => crypto.randomUUID().slice(0, 8);

/** As the demo begins: a hundred for who brings a friend, fifty for the friend, on the first purchase. */
async function begin(shop: Shop, more: object = {}) {
  const { forms } = await shop.call("list_forms", { status: "PUBLISHED", type: "PUBLIC" });
  const { shops } = await shop.call("list_shops");
  await shop.call("update_referral_program", {
    active: true, form_uuid: forms.find((one: { name: string }) => one.name === "Newsletter").uuid, shop_uuid: shops[0].uuid,
    completion_event: "loyalty_transaction", limit_per_contact: 10,
    referring_incentive: { type: "loyalty_points", points: 100 }, referred_incentive: { type: "loyalty_points", points: 50 }, ...more,
  });
  return shops[0].uuid as string;
}

async function someone(shop: Shop, name: string, code?: string) {
  const email = `${name}-${crypto.randomUUID()}@example.com`;
  const { uuid } = await shop.call("create_contact", { email, ...(code ? { referral_code: code } : {}) });
  const { current_values } = await shop.call("get_contact", { contact_uuid: uuid });
  return { uuid: uuid as string, email, code: current_values.referral_code as string };
}

/** Referrals begin and end a moment after what they follow. */
async function brought(shop: Shop, by: string, count: number, status?: string) {
  await expect.poll(async () => {
    const { page } = await shop.call("search_referrals", { referring_contact_uuid: by, ...(status ? { status } : {}) });
    return page.total;
  }).toBe(count);
}

test("what both receive is set, with what will come of it in words", async ({ page, shop }) => {
  await begin(shop, { active: false, referring_incentive: { type: "nothing" }, referred_incentive: { type: "nothing" } });
  const promotion = `Ten off ${unique()} ${hostile[0]!}`;
  await shop.call("create_promotion", { name: promotion, description: "On one order." });
  await page.goto("/loyalty/referrals");
  await expect(page.getByText("Nobody has a link to pass on")).toBeVisible();
  await looksWell(page, "referrals-off");
  await page.getByRole("button", { name: "Switch on" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Who brings a friend receives").selectOption("credits");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("The points field is required")).toBeVisible();
  await dialog.getByLabel("How many credits").fill("many");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("must be an integer")).toBeVisible();
  await dialog.getByLabel("How many credits").fill("150");
  await dialog.getByLabel("The friend receives").selectOption("a voucher");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("The promotion field is required")).toBeVisible();
  await dialog.getByLabel("Voucher of").selectOption(promotion);
  await dialog.getByLabel("How many purchases").fill("3");
  await dialog.getByLabel("Friends of one contact who count").fill("5");
  await expect(dialog.getByText("receives 150 credits and the friend receives a voucher")).toContainText("At most 5 friends count");
  await looksWell(page, "referral-settings");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Referrals are set.")).toBeVisible();
  await expect(page.getByText("after 3 purchases by the friend")).toBeVisible();
  expect(await page.title()).not.toBe("owned");
  await page.getByRole("button", { name: "Change" }).click();
  await dialog.getByLabel("Reward contacts who bring a friend").uncheck();
  await expect(dialog.getByText("What is pending waits.")).toBeVisible();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Switch on" })).toBeVisible();
  await begin(shop);
});

test("who brought whom is listed, and stands with both contacts", async ({ page, shop }) => {
  const at = await begin(shop, { limit_per_contact: 1 });
  const vera = await someone(shop, "vera");
  const wim = await someone(shop, "wim", vera.code);
  await shop.call("create_credit_reception", { contact_uuid: wim.uuid, shop_uuid: at, unit_value: 20 });
  await brought(shop, vera.uuid, 1, "completed");
  const xena = await someone(shop, "xena", vera.code);
  await shop.call("create_credit_reception", { contact_uuid: xena.uuid, shop_uuid: at, unit_value: 20 });
  await brought(shop, vera.uuid, 1, "failed");
  const yara = await someone(shop, "yara", vera.code);
  await brought(shop, vera.uuid, 1, "pending");
  await page.goto("/loyalty/referrals");
  const row = (email: string) => page.getByRole("table", { name: "Who brought whom" }).getByRole("row").filter({ hasText: email });
  await expect(row(wim.email)).toContainText("completed");
  await expect(row(xena.email)).toContainText("over the limit");
  await expect(row(yara.email)).toContainText("pending");
  await looksWell(page, "referrals");
  await page.getByLabel("State").selectOption("completed");
  await expect(row(yara.email)).toHaveCount(0);
  await expect(row(wim.email)).toBeVisible();
  await row(wim.email).getByRole("link", { name: vera.email }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(vera.email);
  await expect(page.getByText("Brought 3 friends")).toBeVisible();
  await looksWell(page, "contact-referrals");
  await page.goto(`/contacts/${wim.uuid}`);
  await page.getByRole("link", { name: vera.email }).click();
  await expect(page.getByText("Brought 3 friends")).toBeVisible();
  await expect(page.getByText("from a referral").first()).toBeVisible();
  await begin(shop);
});

test("many come a page at a time; a server that is gone and a right that is missing are said", async ({ page, shop }) => {
  await begin(shop);
  const zoe = await someone(shop, "zoe");
  for (let i = 0; i < 60; i++) await shop.call("create_contact", { email: `many-${i}-${crypto.randomUUID()}@example.com`, referral_code: zoe.code });
  await brought(shop, zoe.uuid, 60);
  await page.goto("/loyalty/referrals");
  const rows = page.getByRole("table", { name: "Who brought whom" }).getByRole("row");
  await expect(rows).toHaveCount(51);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect.poll(() => rows.count()).toBeGreaterThan(60);

  await page.route("**/operations/update_referral_program", (route) => route.abort());
  await page.getByRole("button", { name: "Change" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("The server does not answer")).toBeVisible();
  await page.unroute("**/operations/update_referral_program");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Referrals are set.")).toBeVisible();

  await page.route("**/operations/search_referrals", (route) => route.abort());
  await page.reload();
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
  await page.unroute("**/operations/search_referrals");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(rows.first()).toBeVisible();

  await signInAs(page, "viewer");
  await page.goto("/loyalty/referrals");
  await page.getByRole("button", { name: "Change" }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert")).toContainText("referrals:write");
});

test("a customer passes on a link, and who joins by it is a friend", async ({ page, shop }) => {
  await begin(shop);
  const olga = await someone(shop, "olga");
  const { auth_token: token } = await shop.call("get_contact_auth_token", { contact_uuid: olga.uuid });
  // As on a telephone.
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "share", { value: (what: { url: string }) => { document.body.dataset["shared"] = what.url; return Promise.resolve(); } });
  });
  await page.goto(`/portal/demo?token=${token}`);
  await expect(page.getByRole("heading", { name: "Bring a friend" })).toBeVisible();
  await expect(page.getByText("You receive 100 credits and your friend 50 credits, after their first purchase.")).toBeVisible();
  await expect(page.getByText("Nobody came by your link yet.")).toBeVisible();
  await looksWell(page, "portal-friends");
  const link = (await page.getByLabel("Your link", { exact: true }).textContent())!;
  expect(link).toContain(`?referral_code=${olga.code}`);
  await page.getByRole("button", { name: "Share" }).click();
  expect(await page.evaluate(() => document.body.dataset["shared"])).toBe(link);
  await page.getByRole("button", { name: "Show as QR code" }).click();
  await expect(page.getByRole("dialog").getByRole("img", { name: link })).toBeVisible();
  await looksWell(page, "portal-friends-code");

  const form = new URL(link);
  await page.goto(form.pathname + form.search);
  const email = `friend-${crypto.randomUUID()}@example.com`;
  await page.getByLabel("E-mail").fill(email);
  // Whoever sends sooner than people do is taken for a program.
  const shown = Date.now();
  await expect.poll(() => Date.now() - shown).toBeGreaterThan(2_500);
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByText("Thank you")).toBeVisible();
  await brought(shop, olga.uuid, 1, "pending");
  await page.goto("/portal/demo");
  await expect(page.getByText("1 friend came. 1 of them has not bought enough yet.")).toBeVisible();

  await begin(shop, { active: false });
  await page.reload();
  await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Bring a friend" })).toHaveCount(0);
  await begin(shop);
});
