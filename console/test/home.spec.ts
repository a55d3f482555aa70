import { expect, looksWell, owner, test } from "./base";

test.use({ allowed: [/401/] });

test("a person signs in, and out", async ({ page, shop }) => {
  void shop;
  await page.context().clearCookies();
  await page.goto("/");
  await looksWell(page, "sign-in");
  await page.getByLabel("E-mail address").fill(owner.email);
  await page.getByLabel("Password").fill("not the password at all");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("password");
  await page.getByLabel("Password").fill(owner.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation", { name: "Pages" })).toBeVisible();
  await looksWell(page, "home");
  await page.getByRole("button", { name: "Demo" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
});

test("when the session ends, the page stays, and asks for the password again", async ({ page, shop }) => {
  void shop;
  await page.goto("/");
  await expect(page.getByRole("navigation", { name: "Pages" })).toBeVisible();
  await page.context().clearCookies();
  await page.getByRole("link", { name: "Personas" }).click();
  await page.getByRole("dialog").getByLabel("Password").fill(owner.password);
  await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Personas", level: 1 })).toBeVisible();
});
