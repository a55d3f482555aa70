import { expect, looksWell, test } from "./base";

test.use({ allowed: [/status of 401/] }); // Who is not signed in is asked who they are all the same.

test("the manual is read without signing in, with its pictures, page by page", async ({ page }) => {
  await page.context().clearCookies();
  await page.goto("/manual");
  await expect(page.getByRole("heading", { level: 1, name: "The console" })).toBeVisible();
  const pictures = page.getByRole("main").getByRole("img");
  expect(await pictures.count()).toBeGreaterThan(15);
  for (const picture of await pictures.all()) {
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => picture.evaluate((one: HTMLImageElement) => one.complete && one.naturalWidth > 0)).toBe(true);
  }
  await page.getByRole("main").getByRole("link", { name: "Flows", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Flows" })).toBeVisible();
  await expect(page.getByRole("table").first()).toBeVisible();
  await looksWell(page, "manual-flows");
  await page.getByRole("main").getByRole("link", { name: "daily_rollup" }).click();
  await expect(page).toHaveURL(/\/manual\/daily-rollup$/);
  for (const link of await page.getByRole("navigation").getByRole("link").all()) {
    const answer = await page.request.get((await link.getAttribute("href"))!);
    expect(answer.ok(), await link.textContent() ?? "").toBe(true);
  }
});

test("programs get what is written", async ({ page }) => {
  for (const path of ["/manual", "/manual.md", "/manual/lead-magnet", "/manual/lead_magnet.md"]) {
    const answer = await page.request.get(path, { headers: { Accept: path.endsWith(".md") ? "text/html" : "*/*" } });
    expect(answer.headers()["content-type"], path).toContain("text/markdown");
    expect(await answer.text(), path).toMatch(/^# /);
  }
});

test("an address that the manual has not leads nowhere", async ({ page }) => {
  await page.goto("/manual/nothing");
  await expect(page.getByText("There is no page at this address.")).toBeVisible();
});
