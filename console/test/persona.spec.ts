import { expect, hostile, looksWell, test } from "./base";
import { signInAs } from "./people";

test.use({ allowed: [/ERR_FAILED|400|403/] });

const unique = () => crypto.randomUUID().slice(0, 8);

test("a persona is made from a template, granted tools within limits, and stopped", async ({ page, shop }) => {
  void shop;
  const name = `Nina ${unique()}`;
  await page.goto("/personas");
  await expect(page.getByRole("link", { name: /Mara/ })).toBeVisible();
  await page.getByRole("button", { name: "New persona" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Support").check();
  await expect(dialog.getByLabel("Name")).toHaveValue("Sam");
  await dialog.getByLabel("Marketing").check();
  await expect(dialog.getByLabel("Name")).toHaveValue("Nina");
  await looksWell(page, "persona-create");
  await dialog.getByLabel("Name").fill("");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await looksWell(page, "persona-overview");

  await page.getByRole("tab", { name: "Grants" }).click();
  await expect(page.getByRole("region", { name: "This shop" }).getByRole("listitem")).toHaveCount(14);
  await looksWell(page, "persona-grants");

  await page.getByRole("button", { name: "Set limits: Create Credit Reception" }).click();
  await dialog.getByLabel("Points a day").fill("many");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("A whole number, or nothing for no limit.")).toBeVisible();
  await dialog.getByLabel("Points a day").fill("250");
  await dialog.getByLabel("Ask first").selectOption("always");
  await looksWell(page, "persona-limits");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("250 points/day")).toBeVisible();

  await page.getByRole("button", { name: "Add tools" }).click();
  await dialog.getByPlaceholder("Find a tool").fill("tiers");
  await dialog.getByLabel(/List Tiers/).check();
  await dialog.getByPlaceholder("Find a tool").fill("shops");
  await dialog.getByLabel(/List Shops/).check();
  await dialog.getByPlaceholder("Find a tool").fill("");
  await looksWell(page, "persona-add-tools");
  await dialog.getByRole("button", { name: "Grant 2" }).click();
  await expect(page.getByLabel("Choose List Tiers")).toBeVisible();
  await page.getByLabel("Choose List Tiers").check();
  await page.getByLabel("Choose List Shops").check();
  await page.getByRole("button", { name: "Take away" }).click();
  await dialog.getByRole("button", { name: "Take away" }).click();
  await expect(page.getByLabel("Choose List Tiers")).toHaveCount(0);
  await page.getByPlaceholder("Find a tool").fill("voucher");
  await expect(page.getByRole("region", { name: "This shop" }).getByRole("listitem")).toHaveCount(2);

  await page.getByRole("button", { name: "Stop" }).click();
  await dialog.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByText("This persona is stopped")).toBeVisible();
  await expect(page.getByRole("button", { name: "Talk" })).toBeDisabled();
  await page.getByRole("button", { name: "Let it act again" }).click();
  await expect(page.getByText("This persona is stopped")).toHaveCount(0);
});

test("a client is told where to connect, and a token is shown once", async ({ page, shop }) => {
  const made = await shop.call("create_persona", { name: `Connected ${unique()}` });
  await page.goto(`/personas/${made.uuid}?tab=connect`);
  await expect(page.getByLabel("Address", { exact: true })).toHaveText(/\/mcp$/);
  await expect(page.getByText("No program has signed in yet.")).toBeVisible();
  for (const client of ["Claude Desktop", "Cursor", "VS Code", "ChatGPT", "Others"]) {
    await page.getByRole("tab", { name: client }).click();
    await expect(page.getByRole("tabpanel", { name: client })).toContainText(/\/mcp|Authorization/);
  }
  await page.getByRole("tab", { name: "Claude Code" }).click();
  await looksWell(page, "persona-connect");
  await page.getByRole("button", { name: "Make a token" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What it is for").fill(hostile[0]!);
  await dialog.getByRole("button", { name: "Create" }).click();
  const token = await dialog.getByLabel("Token", { exact: true }).textContent();
  expect(token).toMatch(/^\d+\|\w+$/);
  await looksWell(page, "persona-token");
  await dialog.getByRole("button", { name: "Hide" }).click();
  await expect(page.getByText(token!)).toHaveCount(0);
  await dialog.getByRole("button", { name: "Done" }).click();
  const answer = await page.request.post("/mcp", {
    headers: { Authorization: `Bearer ${token}`, Accept: "application/json, text/event-stream" },
    data: { jsonrpc: "2.0", id: 1, method: "tools/list" },
  });
  expect(answer.status()).not.toBe(401);
});

test("what a persona did is counted, and on record", async ({ page, shop }) => {
  const { personas } = await shop.call("list_personas");
  const mara = personas.find((one: { name: string }) => one.name === "Mara");
  const chat = await shop.call("start_conversation", { persona_uuid: mara.uuid });
  await shop.call("send_message", { conversation_uuid: chat.uuid, text: "/list_perks" });
  await expect.poll(async () => (await shop.call("get_conversation", { conversation_uuid: chat.uuid })).state).toBe("idle");
  await page.goto(`/personas/${mara.uuid}?tab=usage`);
  await expect(page.getByRole("table", { name: "By tool" })).toContainText("List Perks");
  await looksWell(page, "persona-usage");
  await page.getByRole("tab", { name: "Record" }).click();
  await expect(page.getByRole("table", { name: "Record" })).toContainText("List Perks");
  await looksWell(page, "persona-record");
});

test("all personas are stopped at once, and act again", async ({ page, shop }) => {
  await shop.call("create_persona", { name: `Stopped ${unique()}` });
  await page.goto("/personas");
  await page.getByRole("button", { name: "Stop all" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Mara");
  await looksWell(page, "persona-stop-all");
  await dialog.getByRole("button", { name: "Stop all" }).click();
  try {
    await expect(page.getByRole("button", { name: "Let all act again" })).toBeVisible();
    await page.getByRole("button", { name: "Let all act again" }).click();
    await expect(page.getByRole("button", { name: "Stop all" })).toBeVisible();
  } finally {
    await shop.call("set_persona_state", { state: "active" }); // The other tests need them.
  }
});

test("hostile names, and many of them, are text", async ({ page, shop }) => {
  for (const one of hostile) {
    const text = one.replace("\u0000", ""); // Refused by the server in any text.
    const made = await shop.call("create_persona", { name: `${text.slice(0, 80)} ${unique()}`, instructions: text, model: text.slice(0, 100), avatar: text.slice(0, 100) });
    await page.goto(`/personas/${made.uuid}`);
    await expect(page.getByRole("tabpanel")).toContainText(text.slice(0, 9));
  }
  await shop.call("create_persona", { name: "A persona whose name is as long as anybody could have wished for it, and then some " + unique(), instructions: "Long. ".repeat(2_000) });
  await page.goto("/personas");
  await page.getByLabel("Find a persona").fill("javascript:");
  await expect(page.getByRole("link", { name: /javascript:/ }).first()).toBeVisible();
  await page.getByLabel("Find a persona").fill("");
  await looksWell(page, "personas");
  expect(await page.title()).not.toContain("owned");
});

test("when the server is gone it is said, and mends itself", async ({ page, shop }) => {
  void shop;
  await page.route("**/platform/operations/list_personas", (route) => route.abort());
  await page.goto("/personas");
  await expect(page.getByRole("alert")).toContainText("could not be loaded");
  await page.unroute("**/platform/operations/list_personas");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("link", { name: /Mara/ })).toBeVisible();
  await page.route("**/platform/operations/create_persona", (route) => route.abort());
  await page.getByRole("button", { name: "New persona" }).click();
  const dialog = page.getByRole("dialog");
  const name = `Twice ${unique()}`;
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await page.unroute("**/platform/operations/create_persona");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
});

test("a viewer looks, and changes nothing", async ({ page, shop }) => {
  void shop;
  await signInAs(page, "viewer");
  await page.goto("/personas");
  await expect(page.getByRole("link", { name: /Mara/ })).toBeVisible();
  await expect(page.getByText("your role does not let you change them")).toBeVisible();
  await expect(page.getByRole("button", { name: "New persona" })).toHaveCount(0);
  await page.getByRole("link", { name: /Mara/ }).click();
  await page.getByRole("tab", { name: "Grants" }).click();
  await expect(page.getByRole("region", { name: "This shop" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Add tools" })).toHaveCount(0);
});
