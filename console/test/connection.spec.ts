import { createServer, type Server } from "node:http";

import { expect, hostile, looksWell, settled, test } from "./base";
import { signInAs } from "./people";

// What is refused is reported by the browser as well.
test.use({ allowed: [/40[0349]|ERR_FAILED/] });

const unique = () => crypto.randomUUID().slice(0, 8);
/** A handle is ten characters of a to z and 0 to 9, and its own for good. */
const handle = (first: string) => `${first}${unique()}`;

test("the built-in Piggy stands first, needs no sign-in, and shows its fourteen tools", async ({ page, shop }) => {
  void shop;
  await page.goto("/integrations");
  await expect(page.getByRole("heading", { name: "Piggy, built in" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Slack" })).toBeVisible();
  await looksWell(page, "integrations");
  await page.getByRole("link", { name: "See the tools" }).click();
  const table = page.getByRole("table", { name: "The fourteen tools of every Piggy" });
  await expect(table.getByRole("row")).toHaveCount(15);
  await page.getByLabel("Find a tool").fill("credit");
  await expect(table.getByRole("row")).not.toHaveCount(15);
  await looksWell(page, "integrations-built-in");
  await page.getByLabel("Find a tool").fill("no tool is called that");
  await expect(page.getByText("No tool found")).toBeVisible();
});

test("a tool is read, rehearsed, and done", async ({ page, shop }) => {
  const email = `try-${unique()}@example.com`;
  const contact = await shop.call("create_contact", { email });
  const shops = (await shop.call("list_shops")).shops;
  await page.goto("/integrations/tools/piggy_create_credit_reception");
  await expect(page.getByRole("heading", { name: "Create Credit Reception" })).toBeVisible();
  await expect(page.getByRole("table", { name: "Parameters" })).toContainText("unit_value");
  await page.getByRole("button", { name: "See what it would do" }).click();
  await expect(page.getByText("The shop field is required.")).toBeVisible();
  await page.getByRole("combobox", { name: /^Shop/ }).selectOption(shops[0].uuid);
  await page.getByRole("combobox", { name: "Contact" }).fill(email);
  await page.getByRole("option", { name: email }).click();
  await page.getByRole("textbox", { name: /^Credits/ }).fill("25");
  await page.getByRole("button", { name: "See what it would do" }).click();
  await expect(page.getByText("What would change")).toBeVisible();
  await looksWell(page, "integrations-tool");
  expect((await shop.call("get_contact_credit_balance", { contact_uuid: contact.uuid })).balance).toBe(0);
  await page.getByRole("button", { name: "Do it" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Do it" }).click();
  await expect(page.getByText("Done: Create Credit Reception.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Answer" })).toContainText('"credits": 25');
  expect((await shop.call("get_contact_credit_balance", { contact_uuid: contact.uuid })).balance).toBe(25);
});

test("what needs no key is connected, checked, and revoked with what stops", async ({ page, shop }) => {
  const name = `Letters ${unique()} ${hostile[0]}`;
  const own = handle("e");
  await page.goto("/integrations/email");
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await page.getByText("More", { exact: true }).click();
  await page.getByRole("dialog").getByLabel("Handle").fill("NOT ONE");
  await page.getByRole("dialog").getByRole("button", { name: "Connect" }).click();
  await expect(page.getByText("A handle is a lower-case letter")).toBeVisible();
  await looksWell(page, "integrations-connect");
  await page.getByRole("dialog").getByLabel("Handle").fill(own);
  await page.getByRole("dialog").getByRole("button", { name: "Connect" }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await page.getByRole("region", { name: "Connections" }).getByRole("button", { name: "Check now" }).first().click();
  await expect(page.getByText("answers.").first()).toBeVisible();

  const persona = await shop.call("create_persona", { name: `Nina ${own}` });
  await shop.call("grant_tools", { persona_uuid: persona.uuid, grants: [{ tool: `${own}_send_message` }] });
  await page.reload();
  await looksWell(page, "integrations-connector");
  await page.getByRole("button", { name: `Actions: ${name}` }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await expect(page.getByRole("dialog").getByText(`Nina ${own} loses 1 tool`)).toBeVisible();
  await looksWell(page, "integrations-revoke");
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("is revoked.")).toBeVisible();
  await page.getByText(/^Revoked \(\d+\)$/).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
  expect(await page.title()).not.toBe("owned");
});

test.describe("with a service that asks for a key", () => {
  let server: Server;
  let right = "right:key";
  test.beforeAll(async () => {
    // As much of a listmonk as a connection asks of one.
    server = createServer((request, response) => {
      const known = request.headers.authorization === `token ${right}`
        || request.headers.authorization === `Basic ${Buffer.from(right).toString("base64")}`;
      response.writeHead(known ? 200 : 403, { "Content-Type": "application/json" });
      response.end(known ? JSON.stringify({ data: { username: "right", results: [], total: 0, per_page: 1, page: 1 } }) : '{"message":"no"}');
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  });
  test.afterAll(() => void server.close());

  test("a key that is refused says so at its field", async ({ page, shop }) => {
    void shop;
    await page.goto("/integrations/slack");
    await settled(page);
    await page.getByRole("button", { name: "Use a key" }).click();
    const dialog = page.getByRole("dialog");
    const key = dialog.getByLabel("Bot token");
    await expect(key).toHaveAttribute("type", "password");
    await dialog.getByLabel("Address").fill("nowhere");
    await key.fill(hostile[1]!);
    await dialog.getByRole("button", { name: "Connect", exact: true }).click();
    await expect(dialog.getByText("The base URL must be an address")).toBeVisible();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await expect(page.getByText("Slack is not connected")).toBeVisible();
    right = "other:key";
  });
});

test("the page where one signs in is named before one goes there", async ({ page, shop }) => {
  void shop;
  await page.route("**/platform/operations/start_connection", (route) => route.fulfill({
    json: { data: { url: "https://slack.example/oauth/v2/authorize?state=1", expires_at: "2030-01-01T00:00:00Z" } },
  }));
  await page.goto("/integrations/slack");
  await page.getByRole("button", { name: "Sign in at Slack" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("dialog")).toContainText("slack.example");
  const link = page.getByRole("dialog").getByRole("link", { name: "Open the sign-in page" });
  await expect(link).toHaveAttribute("href", /^https:\/\/slack\.example/);
  await expect(link).toHaveAttribute("target", "_blank");
  await looksWell(page, "integrations-sign-in");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
});

test.describe("when things go wrong", () => {
  test("the server is gone: the page says so, and recovers", async ({ page, shop }) => {
    void shop;
    await page.route("**/platform/operations/list_connections", (route) => route.abort());
    await page.goto("/integrations");
    await expect(page.getByText("The server does not answer.")).toBeVisible();
    await page.unroute("**/platform/operations/list_connections");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("heading", { name: "Piggy, built in" })).toBeVisible();
  });

  test("an integration and a tool that are not there", async ({ page, shop }) => {
    void shop;
    await page.goto("/integrations/nothing");
    await expect(page.getByText("There is no integration of this name.")).toBeVisible();
    await page.goto("/integrations/tools/nothing");
    await expect(page.getByRole("alert")).toContainText("There is no such thing");
  });

  test("who may only read is refused, in words", async ({ page }) => {
    await signInAs(page, "viewer");
    await page.goto("/integrations/csv");
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Connect" }).click();
    await expect(page.getByRole("dialog").getByRole("alert")).toBeVisible();
  });
});

test("a connection is used for what its person permits, and no more", async ({ page, shop }) => {
  const name = `Files ${unique()}`;
  const own = handle("f");
  await page.goto("/integrations/csv");
  await page.getByRole("button", { name: "Connect" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByText("More", { exact: true }).click();
  await dialog.getByLabel("Handle").fill(own);
  await dialog.getByLabel("Only these tools").check();
  await dialog.getByRole("checkbox", { name: /Count Audience Members/ }).check();
  await dialog.getByRole("checkbox", { name: /Add Audience Members/ }).check();
  await looksWell(page, "integrations-permissions-new");
  await dialog.getByRole("button", { name: "Connect" }).click();
  await expect(page.getByText("2 of its 4 tools").first()).toBeVisible();
  const persona = await shop.call("create_persona", { name: `Filer ${own}` });
  await shop.call("grant_tools", { persona_uuid: persona.uuid, grants: [{ tool: `${own}_add_members` }] });
  const offered = async () => (await shop.call("list_tools")).tools.map((one: { tool: string }) => one.tool)
    .filter((tool: string) => tool.startsWith(`${own}_`)).sort();
  expect(await offered()).toEqual([`${own}_add_members`, `${own}_count_members`]);
  await page.getByRole("button", { name: `Actions: ${name}` }).click();
  await page.getByRole("menuitem", { name: "What it may be used for" }).click();
  await expect(dialog.getByRole("checkbox", { name: /Add Audience Members/ })).toBeChecked();
  await dialog.getByLabel("Only to read").check();
  await looksWell(page, "integrations-permissions");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("It may be used for what you chose.")).toBeVisible();
  expect(await offered()).toEqual([`${own}_count_members`, `${own}_list_audiences`]);
});
