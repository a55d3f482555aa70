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
  // A page that reads what the start page has not read just now.
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: /^Approvals/ }).click();
  await page.getByRole("dialog").getByLabel("Password").fill(owner.password);
  await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Approvals", level: 1 })).toBeVisible();
});

test("the start page says what waits, what is left and what was done", async ({ page, shop }) => {
  const name = `Early ${crypto.randomUUID().slice(0, 8)}`;
  const persona = await shop.call("create_persona", { name });
  await shop.call("grant_tools", { persona_uuid: persona.uuid, grants: [{ tool: "piggy_create_contact_attribute", ask: "always" }] });
  const chat = await shop.call("start_conversation", { persona_uuid: persona.uuid });
  await shop.call("send_message", { conversation_uuid: chat.uuid, text: `/create_contact_attribute name=early_${name.slice(6)} data_type=number` });
  await expect.poll(async () => (await shop.call("list_approvals", { state: "pending", limit: 500 })).approvals.some((one: { persona: string }) => one.persona === name)).toBe(true);
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("The Honey Shop");
  await expect(page.getByRole("meter", { name: "Plan credits" })).toBeVisible();
  await expect(page.getByRole("table", { name: "What personas did last" })).toContainText("Create Contact Attribute");
  await looksWell(page, "home-waits");
  await page.getByRole("link", { name: new RegExp(`${name} asks`) }).click();
  await expect(page.getByRole("dialog")).toContainText(name);
});

test("the first steps tick themselves off, and can be hidden", async ({ page, shop }) => {
  void shop;
  await page.route("**/platform/operations/list_flows", (route) => route.fulfill({ json: { data: { flows: [] } } }));
  await page.route("**/platform/operations/list_approvals", (route) => route.fulfill({ json: { data: { approvals: [] } } }));
  // What other tests left behind.
  await page.route("**/platform/operations/list_erasure_requests", (route) => route.fulfill({ json: { data: { erasure_requests: [], page: { page: 1, limit: 1, total: 0 } } } }));
  await page.route("**/platform/operations/list_audit_calls", (route) => route.fulfill({ json: { data: { calls: [] } } }));
  await page.goto("/");
  await expect(page.getByText("Nothing waits for you.")).toBeVisible();
  await expect(page.getByText("Nothing yet.")).toBeVisible();
  await expect(page.getByRole("link", { name: /Make a persona done/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /Make a flow.*to do/ })).toBeVisible();
  await looksWell(page, "home-new");
  await page.getByRole("button", { name: "Hide the first steps" }).click();
  await expect(page.getByRole("link", { name: /Make a flow.*to do/ })).toHaveCount(0);
});

test("an address that leads nowhere is said within the frame", async ({ page, shop }) => {
  void shop;
  await page.goto("/nowhere/at-all");
  await expect(page.getByText("There is no page at this address.")).toBeVisible();
  await looksWell(page, "nowhere");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Start" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("The Honey Shop");
});

test("a language chosen in one tab is spoken by the others too, and what was typed there stays", async ({ page, shop }) => {
  void shop;
  await page.goto("/contacts");
  await page.getByRole("button", { name: "New contact" }).click();
  await page.getByRole("dialog").getByLabel("E-mail address").fill("half typed");
  const other = await page.context().newPage();
  await other.goto("/");
  await other.getByRole("button", { name: "Demo" }).click();
  await other.getByRole("menuitem", { name: "Nederlands" }).click();
  await expect(page.getByRole("dialog").getByLabel("E-mailadres")).toHaveValue("half typed");
});
