import { expect, hostile, looksWell, test, type Shop } from "./base";
import { newestMailTo } from "./mail";

async function member(shop: Shop, name: string) {
  const email = `member-${crypto.randomUUID()}@example.com`;
  const { uuid } = await shop.call("create_contact", { email });
  await shop.call("update_contact", { contact_uuid: uuid, attributes: { firstname: name } });
  const shops = await shop.call("list_shops");
  await shop.call("create_credit_reception", { contact_uuid: uuid, shop_uuid: shops.shops[0].uuid, credits: 180 });
  return { uuid: uuid as string, email };
}

test.use({ allowed: [/400|401|409|422/] }); // Not signed in yet; a token that was used; a colour, an answer that are refused.

test("a customer signs in by a mailed code, sees what is theirs, and changes what they receive", async ({ page, shop }) => {
  const { uuid, email } = await member(shop, "Nora");
  const promotion = await shop.call("create_promotion", { name: "Free tasting", description: "For two." });
  await shop.call("create_voucher", { promotion_uuid: promotion.uuid, contact_uuid: uuid });
  const type = await shop.call("create_subscription_type", { name: `Letters ${Date.now()}`, description: "Once a month.", strategy: "OPT_IN" });
  await page.context().clearCookies();
  await page.goto("/portal/demo");
  await looksWell(page, "portal-sign-in");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Send me a code" }).click();
  await expect(page.getByRole("status")).toContainText("a code is on its way");
  await expect.poll(() => newestMailTo(email)).toMatch(/is (\d{6})/);
  const [, code] = /is (\d{6})/.exec(newestMailTo(email))!;
  await page.getByLabel("The six digits").fill(code!);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Hello Nora" })).toBeVisible();
  await expect(page.getByText("180", { exact: false }).first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
  await looksWell(page, "portal");

  await page.getByLabel(/Letters/).last().check();
  await expect.poll(async () => {
    const { subscriptions } = await shop.call("list_contact_subscriptions", { contact_uuid: uuid });
    return subscriptions.find((one: { subscription_type: { uuid: string } }) => one.subscription_type.uuid === type.uuid).is_subscribed;
  }).toBe(true);

  await page.getByRole("button", { name: "Show the code: Free tasting" }).click();
  await expect(page.getByRole("dialog").getByRole("img")).toBeVisible();
  await looksWell(page, "portal-voucher");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Send me a code" })).toBeVisible();
});

test("who chose Dutch gets the code in Dutch", async ({ page, shop }) => {
  const { email } = await member(shop, "Sanne");
  await page.context().clearCookies();
  await page.goto("/portal/demo");
  await page.getByLabel("Language").selectOption("nl");
  await page.getByLabel("E-mailadres").fill(email);
  await page.getByRole("button", { name: "Stuur mij een code" }).click();
  await expect.poll(() => newestMailTo(email)).toMatch(/Je code voor .+ is \d{6}/);
});

test("a link signs in once, and hostile names are text under the shop's own brand", async ({ page, shop }) => {
  const { uuid } = await member(shop, hostile[0]!.slice(0, 60));
  await shop.call("set_brand", { colour: "#1d5f3a", welcome: hostile[1]! });
  const { auth_token: token } = await shop.call("get_contact_auth_token", { contact_uuid: uuid });
  await page.goto(`/portal/demo?token=${token}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("<img src=x");
  expect(page.url()).not.toContain("token");
  await looksWell(page, "portal-branded");
  await page.context().clearCookies();
  await page.goto(`/portal/demo?token=${token}`);
  await expect(page.getByText("This link was used already")).toBeVisible();
  await expect(page.getByText("<script>")).toBeVisible();
  expect(await page.title()).not.toBe("owned");
  await shop.call("set_brand", { colour: "#b92f63", welcome: "" });
});

test.describe("at a shop that there is not", () => {
  test.use({ allowed: [/404/] });

  test("the page says so", async ({ page }) => {
    await page.goto("/portal/nowhere");
    await expect(page.getByText("There is no such shop.")).toBeVisible();
  });
});

test("the shop chooses how the customers' page looks", async ({ page, shop }) => {
  await page.goto("/settings?tab=portal");
  await page.getByLabel("Colour").fill("#ffd400");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("White text cannot be read well on this colour.")).toBeVisible();
  await page.getByLabel("Colour").fill("#245b8f");
  await page.getByLabel("Logo").setInputFiles({
    name: "logo.svg", mimeType: "image/svg+xml",
    buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#245b8f"/></svg>'),
  });
  await page.getByLabel("Welcome").fill("Good honey takes time.");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await looksWell(page, "settings-portal");
  await page.context().clearCookies();
  await page.goto("/portal/demo");
  await expect(page.getByText("Good honey takes time.")).toBeVisible();
  await shop.call("set_brand", { colour: "#b92f63", logo: "", welcome: "" });
});

test("hosted forms wear the shop's brand", async ({ page, shop }) => {
  const { company } = await shop.call("get_brand");
  const logo = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#1d5f3a"/></svg>');
  await shop.call("set_brand", { colour: "#1d5f3a", logo: `data:image/svg+xml;base64,${logo.toString("base64")}` });
  const { uuid } = await shop.call("create_form", {
    name: `Tasting ${Date.now()}`, status: "PUBLISHED",
    fields: [
      { name: "email", type: "email", label: "E-mail address", required: true },
      { name: "wish", type: "long_text", label: "What would you like to taste?", help: hostile[0] },
      { name: "honey", type: "select", label: "Your favourite", options: [{ value: "lime", label: "Lime" }, { value: "heather", label: "Heather" }] },
    ],
  });
  await page.context().clearCookies();
  await page.goto(`/forms/${uuid}`);
  await expect(page.locator("header")).toHaveText(company);
  const picture = page.locator("header img");
  expect(await picture.evaluate((one: HTMLImageElement) => one.complete && one.naturalWidth > 0)).toBe(true);
  await expect(page.getByRole("button", { name: "Send" })).toHaveCSS("background-color", "rgb(29, 95, 58)");
  await looksWell(page, "hosted-form", { dutch: false });
  await page.locator("form").evaluate((one: HTMLFormElement) => { one.noValidate = true; });
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("alert")).toContainText("Nothing was sent yet");
  await looksWell(page, "hosted-form-problem", { dutch: false });
  await page.getByLabel("E-mail address").fill(`taster-${Date.now()}@example.com`);
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("status")).toContainText("Thank you");
  await expect(picture).toBeVisible();
  await looksWell(page, "hosted-form-sent", { dutch: false });
  await shop.call("set_brand", { colour: "#b92f63", logo: "" });
});
