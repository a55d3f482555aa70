import { expect, hostile, looksWell, test, type Shop } from "./base";
import { signInAs } from "./people";

test.use({ allowed: [/ERR_FAILED|403|404/] });

const unique = () => crypto.randomUUID().slice(0, 8).replaceAll("-", "");

/** A persona of the test's own wants to make an attribute, and must ask. */
async function ask(shop: Shop, text: string): Promise<{ uuid: string; persona: string }> {
  const persona = await shop.call("create_persona", { name: `Asker ${unique()}`, avatar: "🦊" });
  await shop.call("grant_tools", { persona_uuid: persona.uuid, grants: [{ tool: "piggy_create_contact_attribute", ask: "always" }] });
  const chat = await shop.call("start_conversation", { persona_uuid: persona.uuid });
  await shop.call("send_message", { conversation_uuid: chat.uuid, text });
  const find = async () => (await shop.call("list_approvals", { limit: 500 })).approvals.find((one: { persona: string }) => one.persona === persona.name);
  await expect.poll(find).toBeTruthy();
  return { uuid: (await find()).uuid, persona: persona.name };
}

test("what waits is shown with what it would do, and is approved", async ({ page, shop }) => {
  const name = `shoe_${unique()}`;
  const asked = await ask(shop, `/create_contact_attribute name=${name} data_type=number`);
  await page.goto("/approvals");
  const card = page.getByRole("article").filter({ hasText: asked.persona });
  await expect(card).toContainText("Create Contact Attribute");
  await expect(card).toContainText(name);
  await expect(card).toContainText("What would change");
  await expect(card).toContainText("2 plan credits");
  await looksWell(page, "approvals");
  await card.getByLabel("Note").fill("Go ahead.");
  await card.getByRole("button", { name: "Approve" }).click();
  await expect(page.getByText("Approved, and done.")).toBeVisible();
  await expect(card).toHaveCount(0);
  const row = page.getByRole("table", { name: "Decided before" }).getByRole("row").filter({ hasText: asked.persona });
  await row.getByRole("button").click();
  await expect(page.getByRole("dialog")).toContainText("Go ahead.");
  await expect(page).toHaveURL(/open=/);
  await looksWell(page, "approval-decided");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("a link opens one, which is denied there; the history is filtered", async ({ page, shop }) => {
  const asked = await ask(shop, `/create_contact_attribute name=hat_${unique()} data_type=number`);
  await page.goto(`/approvals?open=${asked.uuid}`);
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText(asked.persona);
  await looksWell(page, "approval-open");
  await dialog.getByRole("button", { name: "Deny" }).click();
  await expect(page.getByText("Denied. Nothing was done.")).toBeVisible();
  await expect(dialog).toHaveCount(0);
  const history = page.getByRole("table", { name: "Decided before" });
  await page.getByLabel("How it ended").selectOption("denied");
  await expect(history.getByRole("row").filter({ hasText: asked.persona })).toBeVisible();
  await page.getByLabel("How it ended").selectOption("executed");
  await expect(history.getByRole("row").filter({ hasText: asked.persona })).toHaveCount(0);
  await page.getByLabel("How it ended").selectOption("expired");
  await expect(page.getByText("No approval ended like this.")).toBeVisible();
});

test("hostile arguments and prompts are text", async ({ page, shop }) => {
  for (const text of hostile.slice(0, 4)) {
    const asked = await ask(shop, `/create_contact_attribute ${JSON.stringify({ name: `evil_${unique()}`, data_type: "text", label: text.slice(0, 60), description: text })}`);
    await page.goto(`/approvals?open=${asked.uuid}`);
    await expect(page.getByRole("dialog")).toContainText(text.slice(0, 30));
  }
  await looksWell(page, "approval-hostile");
  expect(await page.title()).not.toContain("owned");
});

test("when the server is gone it is said, and nothing is lost", async ({ page, shop }) => {
  const asked = await ask(shop, `/create_contact_attribute name=belt_${unique()} data_type=number`);
  await page.goto("/approvals");
  const card = page.getByRole("article").filter({ hasText: asked.persona });
  await card.getByLabel("Note").fill("Not lost");
  await page.route("**/platform/operations/decide_approval", (route) => route.abort());
  await card.getByRole("button", { name: "Approve" }).click();
  await expect(card.getByRole("alert")).toBeVisible();
  await expect(card.getByLabel("Note")).toHaveValue("Not lost");
  await page.unroute("**/platform/operations/decide_approval");
  await card.getByRole("button", { name: "Approve" }).click();
  await expect(card).toHaveCount(0);
});

test("nothing waits, and nothing was decided", async ({ page, shop }) => {
  void shop;
  await page.route("**/platform/operations/list_approvals", (route) => route.fulfill({ json: { data: { approvals: [] } } }));
  await page.goto("/approvals");
  await expect(page.getByText("Nothing waits for you")).toBeVisible();
  await expect(page.getByText("Nothing has been decided yet")).toBeVisible();
  await looksWell(page, "approvals-empty");
});

test("a viewer looks, and decides nothing; an unknown one is said to be unknown", async ({ page, shop }) => {
  const asked = await ask(shop, `/create_contact_attribute name=sock_${unique()} data_type=number`);
  await signInAs(page, "viewer");
  await page.goto("/approvals");
  const card = page.getByRole("article").filter({ hasText: asked.persona });
  await expect(card).toContainText("your role does not let you decide");
  await expect(card.getByRole("button", { name: "Approve" })).toHaveCount(0);
  await page.goto("/approvals?open=00000000-0000-4000-8000-000000000000");
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("There is no such thing");
});
