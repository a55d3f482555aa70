import { expect, hostile, looksWell, owner, settled, test } from "./base";
import { newestMailTo } from "./mail";
import { command, signInAs } from "./people";

// What is refused is reported by the browser as well.
test.use({ allowed: [/40[01349]|ERR_FAILED/] });

const unique = () => crypto.randomUUID().slice(0, 8);
const answer = (data: object) => ({ json: { data } });

test("each tab has an address", async ({ page, shop }) => {
  void shop;
  await page.goto("/settings");
  await expect(page.getByRole("tab", { name: "People" })).toHaveAttribute("aria-selected", "true");
  for (const [name, tab] of [["Tokens", "tokens"], ["Apps", "apps"], ["Plan and usage", "plan"], ["Webhooks", "webhooks"], ["Shop", "shop"],
                             ["Mail", "mail"], ["Password", "password"], ["Installation", "installation"]] as const) {
    await page.getByRole("tab", { name, exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`tab=${tab}$`));
    await settled(page);
    await page.reload();
    await expect(page.getByRole("tab", { name, exact: true })).toHaveAttribute("aria-selected", "true");
  }
});

test("somebody is given another role, and removed with what ends", async ({ page, shop }) => {
  const email = `leaves-${unique()}@example.com`;
  command("user", "create", "--account", "demo", "--email", email, "--name", hostile[0]!, "--role", "viewer");
  void shop;
  await page.goto("/settings");
  const row = page.getByRole("row").filter({ hasText: email });
  await expect(row).toContainText(hostile[0]!);
  await looksWell(page, "settings-users");
  await row.getByRole("button", { name: `Actions: ${email}` }).click();
  await page.getByRole("menuitem", { name: "Change the role" }).click();
  await page.getByRole("dialog").getByLabel(/^Auditor/).check();
  await page.getByRole("dialog").getByRole("button", { name: "Change the role" }).click();
  await expect(row).toContainText("Auditor");
  await row.getByRole("button", { name: `Actions: ${email}` }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await expect(page.getByRole("dialog")).toContainText("what they allowed apps to do");
  await looksWell(page, "settings-remove");
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(row).toHaveCount(0);
});

test("somebody is invited, joins by the mail with a password of their own, and is among the people", async ({ page, shop }) => {
  const email = `new-${unique()}@example.com`;
  await page.goto("/settings");
  await page.getByRole("button", { name: "Add somebody" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("E-mail address").fill("no address");
  await dialog.getByRole("button", { name: "Invite" }).click();
  await expect(dialog.getByText("must be a valid email address")).toBeVisible();
  await dialog.getByLabel("E-mail address").fill(email);
  await dialog.getByLabel("Marketer").check();
  await looksWell(page, "settings-invite");
  await dialog.getByRole("button", { name: "Invite" }).click();
  await expect(page.getByText(`An invitation is on its way to ${email}.`)).toBeVisible();
  await expect.poll(() => newestMailTo(email)).toMatch(/\?invitation=[A-Za-z0-9]{43}/);
  const [invitation] = /\?invitation=[A-Za-z0-9]{43}/.exec(newestMailTo(email))!;

  await page.context().clearCookies();
  await page.goto(`/${invitation}`);
  expect(page.url()).not.toContain("invitation");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Join" }).click();
  await expect(page.getByText("The password must be at least 12")).toBeVisible();
  await looksWell(page, "invitation");
  await page.getByLabel("Your name").fill("Newcomer");
  await page.getByLabel("Password").fill("a long enough password");
  await page.getByRole("button", { name: "Join" }).click();
  await expect(page.getByRole("navigation", { name: "Pages" })).toBeVisible();
  const { users } = await shop.call("list_users");
  expect(users.find((one: { email: string }) => one.email === email)).toMatchObject({ name: "Newcomer", role: "marketer" });

  await page.context().clearCookies();
  await page.goto(`/${invitation}`);
  await page.getByLabel("Password").fill("a long enough password");
  await page.getByRole("button", { name: "Join" }).click();
  await expect(page.getByText("This invitation was used already")).toBeVisible();
});

test("a token is made of chosen rights, shown once, and may do what was chosen alone", async ({ page, shop, playwright, baseURL }) => {
  void shop;
  const name = `The till's app ${unique()}`;
  await page.goto("/settings?tab=tokens");
  await looksWell(page, "settings-tokens");
  await page.getByRole("button", { name: "New token" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What it is for").fill(name);
  await dialog.getByLabel("Only what is chosen").check();
  await expect(dialog.getByRole("button", { name: "New token" })).toBeDisabled();
  await dialog.getByRole("group", { name: "Rights for Contacts" }).getByLabel("Read").check();
  await dialog.getByLabel("It ends").selectOption("90d");
  await looksWell(page, "settings-token-new");
  await dialog.getByRole("button", { name: "New token" }).click();
  await expect(dialog.getByText("Shown this once")).toBeVisible();
  const token = await dialog.getByLabel("The token", { exact: true }).innerText();
  expect(token).toMatch(/^\d+\|/);
  await looksWell(page, "settings-token-made");
  const program = await playwright.request.newContext({ baseURL: baseURL!, extraHTTPHeaders: { Authorization: `Bearer ${token}` } });
  expect((await program.get("/api/v3/oauth/clients/contacts?limit=1")).status()).toBe(200);
  expect((await program.get("/api/v3/oauth/clients/shops")).status()).toBe(403);
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(token)).toHaveCount(0);
  await expect(page.getByRole("row").filter({ hasText: name })).toContainText("contacts:read");

  await page.getByRole("button", { name: `Actions: ${name}` }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await expect(dialog).toContainText("This cannot be taken back.");
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("The token was revoked.")).toBeVisible();
  expect((await program.get("/api/v3/oauth/clients/contacts?limit=1")).status()).toBe(401);
  await program.dispose();
});

test("a token is changed, and the new one shown once", async ({ page, shop }) => {
  void shop;
  const name = `Old ${unique()}`;
  command("token", "create", "--account", "demo", "--kind", "client", "--name", name);
  await page.goto("/settings?tab=tokens");
  await page.getByRole("button", { name: `Actions: ${name}` }).click();
  await page.getByRole("menuitem", { name: "Change it now" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Change it now" }).click();
  const token = page.getByRole("dialog").getByLabel("The token", { exact: true });
  await expect(token).toHaveText(/^\d+\|/);
  const text = await token.innerText();
  await page.getByRole("dialog").getByRole("button", { name: "Hide" }).click();
  await expect(page.getByText(text)).toHaveCount(0);
  await expect(page.getByRole("row").filter({ hasText: name }).filter({ hasText: "Replaced" })).toBeVisible();
});

test("who may not make tokens is told so", async ({ page }) => {
  await signInAs(page, "marketer");
  await page.goto("/settings?tab=tokens");
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByRole("dialog").getByLabel("What it is for").fill("Mine");
  await page.getByRole("dialog").getByRole("button", { name: "New token" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toBeVisible();
});

test("an app's way in is ended", async ({ page, shop }) => {
  void shop;
  const app = {
    id: 7, app: hostile[1], redirect_host: "agent.example", resource: "http://127.0.0.1/mcp", persona_uuid: null, persona: "Mara",
    allowed_by: owner.email, allowed_at: "2026-01-01T00:00:00Z", ends_at: "2030-01-01T00:00:00Z",
  };
  await page.route("**/platform/operations/list_authorized_apps", (route) => route.fulfill(answer({ apps: [app] })));
  await page.route("**/platform/operations/revoke_authorized_app", (route) => route.fulfill(answer({})));
  await page.goto("/settings?tab=apps");
  await expect(page.getByText(hostile[1]!)).toBeVisible();
  await looksWell(page, "settings-apps");
  await page.getByRole("button", { name: /^End: / }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End" }).click();
  await expect(page.getByText(/is out\.$/)).toBeVisible();
});

test("the plan is rehearsed before it is changed, and a pack adds to it", async ({ page, shop }) => {
  const before = await shop.call("get_plan");
  await page.goto("/settings?tab=plan");
  await expect(page.getByText("No persona did anything in these days").or(page.getByText("By persona and tool"))).toBeVisible();
  await looksWell(page, "settings-plan");
  await page.getByRole("button", { name: "Change the plan" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(before.plan === "pro" ? "Team" : "Pro").check();
  await dialog.getByRole("button", { name: "See what it would do" }).click();
  await expect(dialog.getByText("What would change")).toBeVisible();
  await looksWell(page, "settings-plan-choose");
  expect((await shop.call("get_plan")).plan).toBe(before.plan);
  await dialog.getByRole("button", { name: "Change the plan" }).click();
  await expect(page.getByText(/^The account is on/)).toBeVisible();
  await shop.call("choose_plan", { plan: before.plan });
  await page.getByRole("button", { name: "Add a pack" }).click();
  await dialog.getByLabel("How many").fill("250");
  await dialog.getByRole("button", { name: "Add a pack" }).click();
  await expect(page.getByText("250 plan credits were added.")).toBeVisible();
  expect((await shop.call("get_plan")).pack_credits).toBe(before.pack_credits + 250);
});

test("usage is drawn by day, by persona or by tool", async ({ page, shop }) => {
  void shop;
  const row = (day: number, persona: string, tool: string, plan_credits: number) => ({
    day: `2026-11-${String(day).padStart(2, "0")}`, persona_uuid: persona, persona, tool, calls: 3, plan_credits, points: 40,
  });
  const usage = Array.from({ length: 20 }, (_, at) => [
    row(at + 1, "Mara", "piggy_create_credit_reception", 10 + at), row(at + 1, "Nina", `piggy_tool_${at % 7}`, 30 - at),
  ]).flat();
  await page.route("**/platform/operations/get_plan_usage", (route) => route.fulfill(answer({ usage })));
  await page.goto("/settings?tab=plan");
  await page.getByLabel("From").fill("2026-11-01");
  await page.getByLabel("Until").fill("2026-11-29");
  await expect(page.getByRole("img", { name: "Usage" })).toBeVisible();
  await page.getByLabel("Split by").selectOption("tool");
  await expect(page.getByText("Others")).toBeVisible();
  await looksWell(page, "settings-usage");
});

test("a webhook and what it gets", async ({ page, shop }) => {
  void shop;
  const webhook = {
    uuid: crypto.randomUUID(), connector: "webhook", name: "Warehouse", handle: "warehouse", state: "connected", whose: "", base_url: "https://hooks.example.com/in",
    signed_in: false, problem: "", tools: ["warehouse_send_event"], expires_at: null, last_used_at: null, rotated_at: null, revoked_at: null,
    created_at: "2026-11-01T00:00:00Z",
  };
  const flow = {
    uuid: crypto.randomUUID(), name: "Tell the warehouse", about: "", persona_uuid: "", enabled: true, trigger: "event", version: 1, template_name: "",
    parameters: [], next_runs: [], created_at: "2026-11-01T00:00:00Z", updated_at: "2026-11-01T00:00:00Z",
  };
  await page.goto("/settings?tab=webhooks");
  await expect(page.getByText("No webhook is connected")).toBeVisible();
  await page.route("**/platform/operations/list_connections", (route) => route.fulfill(answer({ connections: [webhook] })));
  await page.route("**/platform/operations/list_flows", (route) => route.fulfill(answer({ flows: [flow] })));
  await page.route("**/platform/operations/get_flow", (route) => route.fulfill(answer({
    flow, definition: { steps: [{ name: "tell", call: { tool: "warehouse_send_event" } }] }, hook_url: "",
  })));
  await page.reload();
  await expect(page.getByText("from the flow Tell the warehouse")).toBeVisible();
  await looksWell(page, "settings-webhook-connections");
});

test("the shop's programme is changed, and a wrong value is said at its field", async ({ page, shop }) => {
  const before = await shop.call("get_loyalty_program");
  await page.goto("/settings?tab=shop");
  await page.getByLabel("What your credits are called").fill(hostile[0]!);
  await page.getByLabel("Most credits to give or take at once").fill("-1");
  const programme = page.locator("form").filter({ has: page.getByLabel("Most credits to give or take at once") });
  await programme.getByRole("button", { name: "Save" }).click();
  await expect(page.getByLabel("Most credits to give or take at once")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Most credits to give or take at once").fill(String(before.max_amount));
  await programme.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("What your credits are called")).toHaveValue(hostile[0]!);
  await looksWell(page, "settings-shop");
  await shop.call("update_loyalty_program", { custom_credit_name: before.custom_credit_name });
});

test("the company's name, zone and currency are changed, and a wrong zone is said at its field", async ({ page, shop }) => {
  const before = await shop.call("get_account_settings");
  await page.goto("/settings?tab=shop");
  const company = page.locator("form").filter({ has: page.getByLabel("Time zone") });
  await page.getByLabel("Name of the company").fill(hostile[0]!);
  await page.getByLabel("Time zone").fill("Europe/Amsterdm");
  await page.getByLabel("Currency").fill("e1");
  await company.getByRole("button", { name: "Save" }).click();
  await expect(page.getByLabel("Currency")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Currency").fill("eur");
  await company.getByRole("button", { name: "Save" }).click();
  await expect(page.getByLabel("Time zone")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Time zone").fill("America/New_York");
  await company.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  expect(await shop.call("get_account_settings")).toEqual({ company: hostile[0], time_zone: "America/New_York", currency: "EUR" });
  await page.reload();
  await expect(page.getByLabel("Time zone")).toHaveValue("America/New_York");
  await looksWell(page, "settings-company");
  await shop.call("update_account_settings", before);
});

test("the console speaks Dutch", async ({ page, shop }) => {
  void shop;
  await page.goto("/settings?tab=shop");
  await page.getByLabel("Language").selectOption("nl");
  await expect(page.getByRole("heading", { name: "Instellingen" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Spaarprogramma" })).toBeVisible();
  await page.getByLabel("Taal").selectOption("en");
});

test("who mails come from, and who gets none", async ({ page, shop }) => {
  const before = await shop.call("get_mail_sender");
  const address = `no-mail-${unique()}@example.com`;
  await page.goto("/settings?tab=mail");
  await page.getByLabel("Postal address").fill("Honey Lane 1\nAmsterdam");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await page.getByRole("button", { name: "Add an address" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("E-mail address").fill("nonsense");
  await dialog.getByRole("button", { name: "Add an address" }).click();
  await expect(dialog.getByLabel("E-mail address")).toHaveAttribute("aria-invalid", "true");
  await dialog.getByLabel("E-mail address").fill(address);
  await dialog.getByLabel("Why").fill(hostile[1]!);
  await dialog.getByRole("button", { name: "Add an address" }).click();
  await expect(page.getByRole("row").filter({ hasText: address })).toContainText(hostile[1]!);
  await looksWell(page, "settings-mail");
  await page.getByRole("button", { name: `Allow again: ${address}` }).click();
  await dialog.getByRole("button", { name: "Allow again" }).click();
  await expect(page.getByRole("row").filter({ hasText: address })).toHaveCount(0);
  await shop.call("set_mail_sender", { name: before.name, postal_address: before.postal_address });
});

test("a long list of left-out addresses comes a page at a time", async ({ page, shop }) => {
  const tag = unique();
  for (let at = 0; at < 31; at++) await shop.call("add_suppression", { address: `${tag}-${at}@example.com` });
  await page.goto("/settings?tab=mail");
  const rows = page.getByRole("table", { name: "Addresses that get no mail" }).getByRole("row");
  await expect(rows).toHaveCount(31);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect.poll(() => rows.count()).toBeGreaterThan(31);
});

test("a password is changed, and the session goes on", async ({ page }) => {
  const { password } = await signInAs(page, "marketer");
  await page.goto("/settings?tab=password");
  await page.getByLabel("Current password").fill("not it at all");
  await page.getByLabel("New password", { exact: true }).fill("another long password");
  await page.getByLabel("New password again").fill("another long passwort");
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("The two differ.")).toBeVisible();
  await page.getByLabel("New password again").fill("another long password");
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByLabel("Current password")).toHaveAttribute("aria-invalid", "true");
  await looksWell(page, "settings-password");
  await page.getByLabel("Current password").fill(password);
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("Your password was changed.")).toBeVisible();
  // A write goes through with the new proof.
  await page.getByRole("tab", { name: "Mail" }).click();
  await page.getByLabel("Postal address").fill("Honey Lane 2");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.").or(page.getByRole("alert"))).toBeVisible();
  await expect(page.getByText("needs the session's proof")).toHaveCount(0);
});

test("the installation's own things say who may, and how", async ({ page, shop }) => {
  void shop;
  await page.goto("/settings?tab=installation");
  await expect(page.getByText("piggy vault status")).toBeVisible();
  await page.getByRole("button", { name: "Make a backup" }).click();
  await expect(page.getByText("piggy backup piggy-backup.db")).toBeVisible();
  await looksWell(page, "settings-installation");
  await page.route("**/platform/operations/vault_status", (route) => route.fulfill(answer({
    masters: [{ id: "9f2c41aa", kind: "file", current: true, keys: 12 }, { id: "01bb77c0", kind: "token", current: false, keys: 2 }],
    done: 12, total: 14, replaced_keys: 0, rotation: null, proof: null,
  })));
  await page.reload();
  await expect(page.getByText("12 of 14 data keys")).toBeVisible();
  await looksWell(page, "settings-vault");
});

test("the server is gone: the list says so, and recovers", async ({ page, shop }) => {
  void shop;
  await page.route("**/platform/operations/list_users", (route) => route.abort());
  await page.goto("/settings");
  await expect(page.getByText("The server does not answer.")).toBeVisible();
  await page.unroute("**/platform/operations/list_users");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("table", { name: "People" })).toBeVisible();
});

test("a viewer is told what the role does not show or do", async ({ page }) => {
  await signInAs(page, "viewer");
  await page.goto("/settings?tab=shop");
  await page.getByRole("button", { name: "Save" }).first().click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.goto("/settings?tab=users");
  await settled(page);
  await page.getByRole("button", { name: "Add somebody" }).click();
  await page.getByRole("dialog").getByLabel("E-mail address").fill("x@example.com");
  await page.getByRole("dialog").getByRole("button", { name: "Invite" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toBeVisible();
});
