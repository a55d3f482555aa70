import type { Page } from "@playwright/test";

import { expect, hostile, looksWell, Shop, test } from "./base";

test.use({ allowed: [/ERR_FAILED|ERR_INTERNET|ERR_INCOMPLETE|404/] });

const unique = () => crypto.randomUUID().slice(0, 8).replaceAll("-", "");

async function talkWith(page: Page, shop: Shop, grants: object[]): Promise<string> {
  const persona = await shop.call("create_persona", { name: `Chatty ${unique()}`, avatar: "🐙" });
  if (grants.length > 0) await shop.call("grant_tools", { persona_uuid: persona.uuid, grants });
  const chat = await shop.call("start_conversation", { persona_uuid: persona.uuid });
  await page.goto(`/chat/${chat.uuid}`);
  await expect(page.getByRole("heading", { level: 1, name: persona.name })).toBeVisible();
  return persona.name;
}

const box = (page: Page) => page.getByRole("textbox", { name: /Write to/ });
const said = (page: Page) => page.getByRole("log");

test("a conversation is begun, and what a persona does is shown", async ({ page, shop }) => {
  await page.goto("/chat");
  await expect(page.getByRole("heading", { name: "Who do you want to talk to?" })).toBeVisible();
  await page.getByRole("button", { name: /Mara/ }).click();
  await expect(page.getByText("What can Mara do for you?")).toBeVisible();
  const { contacts } = await shop.call("browse_contacts", { limit: 1 });
  await expect(page.getByRole("button", { name: `How many points does ${contacts[0].email} have?` })).toBeVisible();
  await looksWell(page, "chat-empty");
  await box(page).fill("How many points does ann@example.com have?");
  await box(page).press("Enter");
  const card = said(page).getByRole("article", { name: "Get Contact's Credit Balance" });
  await expect(card).toContainText("ann@example.com");
  await expect(card).toContainText("done");
  await expect(card).toContainText("1 plan credit");
  await expect(said(page)).toContainText("The balance is");
  await card.getByText("Details").click();
  await expect(card.getByLabel("Answered")).toContainText("balance");
  await box(page).fill("first line");
  await box(page).press("Shift+Enter");
  await expect(box(page)).toHaveValue("first line\n");
  await looksWell(page, "chat");
  await page.goto("/chat");
  await expect(page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: /How many points/ }).first()).toBeVisible();
  await looksWell(page, "chat-start");
});

test("a slash shows the commands, and one is completed and sent", async ({ page, shop }) => {
  await talkWith(page, shop, [{ tool: "piggy_list_perks" }, { tool: "piggy_find_voucher_by_code" }]);
  await box(page).fill("/");
  await expect(page.getByRole("option")).toHaveCount(3);
  await box(page).press("ArrowDown");
  await looksWell(page, "chat-commands");
  await box(page).press("Escape");
  await expect(page.getByRole("option")).toHaveCount(0);
  await box(page).fill("/perk");
  await box(page).press("Tab");
  await expect(box(page)).toHaveValue("/list_perks ");
  await box(page).press("Enter");
  await expect(said(page).getByRole("article", { name: "List Perks" })).toContainText("done");
  await expect(said(page).getByRole("listitem").filter({ hasText: "Discount" })).toBeVisible();
  await page.getByRole("button", { name: "Send again" }).click();
  await expect(said(page).getByRole("article", { name: "List Perks" })).toHaveCount(2);
});

test("a question to a person is answered in the conversation", async ({ page, shop }) => {
  await talkWith(page, shop, [{ tool: "piggy_create_contact_attribute", ask: "always" }]);
  await box(page).fill(`/create_contact_attribute name=size_${unique()} data_type=number`);
  await box(page).press("Enter");
  const card = said(page).getByRole("article", { name: "Create Contact Attribute" });
  await expect(card.getByRole("button", { name: "Approve" })).toBeVisible();
  await expect(card).toContainText("What would change");
  await looksWell(page, "chat-approval");
  await card.getByRole("button", { name: "Approve" }).click();
  await expect(card).toContainText("approved");
  await expect(card.getByRole("button", { name: "Approve" })).toHaveCount(0);
  await box(page).fill(`/create_contact_attribute name=size_${unique()} data_type=number`);
  await box(page).press("Enter");
  const second = card.nth(1);
  await second.getByRole("button", { name: "Deny" }).click();
  await expect(second).toContainText("denied");
  await looksWell(page, "chat-decided");
});

test("a secret is shown once, and is in no message", async ({ page, shop }) => {
  await talkWith(page, shop, [{ tool: "piggy_get_contact_auth_token" }]);
  const ann = await shop.call("find_contact", { email: "ann@example.com" });
  await box(page).fill(`/get_contact_auth_token contact_uuid=${ann.uuid}`);
  await box(page).press("Enter");
  await expect(page.getByText("Shown this once")).toBeVisible();
  await expect(said(page)).toContainText("is not kept");
  await looksWell(page, "chat-secret");
  await page.getByRole("button", { name: "Hide" }).click();
  await expect(page.getByText("Shown this once")).toHaveCount(0);
  await page.reload();
  await expect(said(page)).toContainText("is not kept");
  await expect(page.getByText("Shown this once")).toHaveCount(0);
});

test("what offers choices is chosen by a press; what is refused says why", async ({ page, shop }) => {
  await talkWith(page, shop, [{ tool: "piggy_create_credit_reception", limits: { points_per_day: 1 } }, { tool: "piggy_find_voucher_by_code" }]);
  await box(page).fill("/find_voucher_by_code code=NO_SUCH_CODE");
  await box(page).press("Enter");
  const card = said(page).getByRole("article", { name: "Find Voucher By Code" });
  await expect(card).toContainText("not done");
  await box(page).fill("give points to ann@example.com");
  await box(page).press("Enter");
  await expect(said(page)).toContainText("How many points?");
  await looksWell(page, "chat-refused");
});

test("hostile texts are text, and Markdown is only a little of it", async ({ page, shop }) => {
  await talkWith(page, shop, []);
  for (const text of hostile.slice(0, 4)) {
    await box(page).fill(text);
    await box(page).press("Enter");
    await expect(said(page)).toContainText(text.slice(0, 30));
    await expect(page.getByRole("button", { name: "Send", exact: true })).toBeVisible();
  }
  expect(await page.title()).not.toContain("owned");
});

test("what could not be sent stays, and is sent once", async ({ page, shop }) => {
  await talkWith(page, shop, [{ tool: "piggy_list_perks" }]);
  await page.route("**/platform/operations/send_message", (route) => route.abort());
  await box(page).fill("/list_perks");
  await box(page).press("Escape");
  await box(page).press("Enter");
  await expect(page.getByRole("alert")).toContainText("The server does not answer");
  await expect(box(page)).toHaveValue("/list_perks");
  await looksWell(page, "chat-unsent");
  await page.unroute("**/platform/operations/send_message");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(said(page).getByRole("article")).toHaveCount(1);
  await page.goto("/chat/00000000-0000-4000-8000-000000000000");
  await expect(page.getByRole("alert")).toContainText("There is no such thing");
});

test("a long conversation opens at its end, and stays where the reader is", async ({ page, shop }) => {
  const persona = await shop.call("create_persona", { name: `Longwinded ${unique()}` });
  const chat = await shop.call("start_conversation", { persona_uuid: persona.uuid });
  for (let at = 0; at < 12; at++) {
    await expect(async () => shop.call("send_message", { conversation_uuid: chat.uuid, text: `message ${at}` })).toPass();
    await expect.poll(async () => (await shop.call("get_conversation", { conversation_uuid: chat.uuid })).state).toBe("idle");
  }
  await page.goto(`/chat/${chat.uuid}`);
  await expect(said(page).getByText(/message 11$/)).toBeInViewport();
  await said(page).getByText(/message 0$/).scrollIntoViewIfNeeded();
  await shop.call("send_message", { conversation_uuid: chat.uuid, text: "the newest" });
  await page.getByRole("button", { name: "To the newest" }).click();
  await expect(said(page).getByText("the newest")).toBeInViewport();
  await looksWell(page, "chat-long");
});

test("a model's words are shown while they come", async ({ page, shop }) => {
  const persona = await shop.call("create_persona", { name: `Streaming ${unique()}` });
  const chat = await shop.call("start_conversation", { persona_uuid: persona.uuid });
  const event = (name: string, data: object, id?: number) => `${id ? `id: ${id}\n` : ""}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  const message = (id: number, kind: string, text: string, content: object = {}) => event("message", { id, kind, text, content, created_at: new Date().toISOString() }, id);
  await page.route(`**/platform/conversations/${chat.uuid}/events`, (route) => route.fulfill({
    contentType: "text/event-stream",
    body: message(1, "person", "What do you sell?") +
      message(2, "persona", "I look.", { calls: [{ id: "a", name: "piggy_list_perks", arguments: {} }] }) +
      message(3, "call", "list_perks", { arguments: {}, price: 1, call_id: "a" }) +
      message(4, "result", "list_perks", { outcome: "done", answer: { perks: [] }, price: 1, call_id: "a" }) +
      event("delta", { text: "We sell **honey**, <b>not</b> `wax`:\n\n- heather\n" }) + event("delta", { text: "- acacia" }),
  }));
  await page.goto(`/chat/${chat.uuid}`);
  await expect(page.getByText("heather")).toBeVisible();
  await expect(page.getByText("acacia")).toBeVisible();
  await expect(page.getByText("<b>not</b>")).toBeVisible();
  await expect(page.getByRole("button", { name: "Stop" })).toBeVisible();
  await looksWell(page, "chat-streaming");
});
