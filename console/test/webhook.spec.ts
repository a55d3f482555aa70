import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Page } from "@playwright/test";

import { expect, hostile, looksWell, settled, test } from "./base";
import { signInAs } from "./people";

// What is refused is reported by the browser as well.
test.use({ allowed: [/40[01349]|ERR_FAILED/] });

const unique = () => crypto.randomUUID().slice(0, 8);
const answer = (data: object) => ({ json: { data } });

interface Heard { body: string; signature: string }

/** Where webhooks arrive; what it answers is `status`. */
class Receiver {
  heard: Heard[] = [];
  status = 200;
  words = "";
  private constructor(private readonly server: Server) {}

  static async open(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on("request", (request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => { body += chunk.toString(); });
      request.on("end", () => {
        receiver.heard.push({ body, signature: String(request.headers["signature"]) });
        response.writeHead(receiver.status, { "Content-Type": "text/plain" }).end(receiver.words);
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return receiver;
  }

  get url() {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

async function make(page: Page, given: { name: string; url: string; event: string; attributes?: string }) {
  await page.goto("/settings?tab=webhooks");
  await page.getByRole("button", { name: "New webhook" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What it is for").fill(given.name);
  await dialog.getByLabel("Address").fill(given.url);
  await dialog.getByLabel("Event").selectOption(given.event);
  if (given.attributes !== undefined) await dialog.getByLabel("Only when one of these changes").fill(given.attributes);
  await dialog.getByRole("button", { name: "New webhook" }).click();
  return dialog;
}

test("a webhook is made, its secret shown once, and what happens arrives signed with it", async ({ page, shop }) => {
  const receiver = await Receiver.open();
  const name = `Warehouse ${unique()}`;
  const dialog = await make(page, { name, url: receiver.url, event: "contact_created" });
  const secret = await dialog.getByLabel("The secret", { exact: true }).innerText();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  await looksWell(page, "webhook-secret");
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(secret)).toHaveCount(0);
  await looksWell(page, "settings-webhooks");

  await page.getByRole("link", { name }).click();
  await expect(page.getByText("Nothing was sent yet")).toBeVisible();
  await looksWell(page, "webhook-none");
  const email = `told-${unique()}@example.com`;
  await shop.call("create_contact", { email });
  await expect.poll(() => receiver.heard.filter((one) => one.body.includes(email)).length).toBe(1);
  const heard = receiver.heard.find((one) => one.body.includes(email))!;
  expect(createHmac("sha256", secret).update(heard.body).digest("hex")).toBe(heard.signature);
  await page.reload();
  const deliveries = page.getByRole("table", { name: "Deliveries" });
  await expect(deliveries.getByText("Delivered").first()).toBeVisible();
  await deliveries.getByRole("button", { name: "Contact created" }).first().click();
  await expect(dialog.getByRole("region", { name: "What it says" })).toContainText("@example.com");
  await looksWell(page, "webhook-delivery");
  receiver.close();
});

test("a test is refused, says why, and is sent again", async ({ page, shop }) => {
  const receiver = await Receiver.open();
  receiver.status = 500;
  receiver.words = hostile[0]!;
  const made = await shop.call("create_webhook_subscription", { name: hostile[1]!.slice(0, 40) + unique(), event_type: "reward_updated", url: receiver.url });
  await page.goto(`/settings/webhooks/${made.uuid}`);
  await expect(page.getByRole("heading", { name: made.name })).toBeVisible();
  await page.getByRole("button", { name: "Send a test" }).click();
  const deliveries = page.getByRole("table", { name: "Deliveries" });
  await expect(deliveries.getByText("It answered 500.")).toBeVisible();
  await looksWell(page, "webhook-deliveries");
  await deliveries.getByRole("button", { name: "Test" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("region", { name: "How the answer begins" })).toHaveText(hostile[0]!);
  await expect(dialog.getByText("Next attempt")).toBeVisible();
  await looksWell(page, "webhook-delivery-waiting");
  receiver.status = 204;
  await dialog.getByRole("button", { name: "Send again" }).click();
  await expect(dialog.getByText("The receiver took it.")).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(deliveries.getByText("Delivered")).toBeVisible();
  await page.getByLabel("State").selectOption("failed");
  await expect(page.getByText("No deliveries in this state")).toBeVisible();
  receiver.close();
});

test("a webhook is changed, paused, goes on, gets a new secret and is deleted", async ({ page, shop }) => {
  const receiver = await Receiver.open();
  const made = await shop.call("create_webhook_subscription", {
    name: `Old ${unique()}`, event_type: "contact_updated", url: receiver.url, attributes: ["email"],
  });
  await page.goto(`/settings/webhooks/${made.uuid}`);
  const menu = async (item: string) => {
    await page.getByRole("button", { name: "Actions" }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  const dialog = page.getByRole("dialog");
  await menu("Change");
  await dialog.getByLabel("Address").fill("http://example.com/");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByLabel("Address")).toHaveAttribute("aria-invalid", "true");
  await dialog.getByLabel("Address").fill("https://example.com/hook");
  await dialog.getByLabel("What it is for").fill("Newer");
  await dialog.getByLabel("Only when one of these changes").fill("email, firstname,, email");
  await looksWell(page, "webhook-edit");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Newer" })).toBeVisible();
  await expect(page.getByText("email, firstname")).toBeVisible();
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText("paused", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Send a test" })).toBeDisabled();
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByText("active", { exact: true })).toBeVisible();
  await menu("New secret");
  await dialog.getByRole("button", { name: "New secret" }).click();
  await expect(dialog.getByLabel("The secret", { exact: true })).toHaveText(/^whsec_/);
  await dialog.getByRole("button", { name: "Hide" }).click();
  await menu("Delete");
  await expect(dialog).toContainText("This cannot be taken back");
  await looksWell(page, "webhook-delete");
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("Newer is gone.")).toBeVisible();
  await expect(page.getByRole("tab", { name: "Webhooks" })).toHaveAttribute("aria-selected", "true");
  receiver.close();
});

test("what is wrong with a new webhook is said at its fields", async ({ page, shop }) => {
  void shop;
  const dialog = await make(page, { name: "", url: "http://example.com", event: "tier_reached" });
  await expect(dialog.getByLabel("What it is for")).toHaveAttribute("aria-invalid", "true");
  await dialog.getByLabel("What it is for").fill(hostile[2]!);
  await dialog.getByRole("button", { name: "New webhook" }).click();
  await expect(dialog.getByLabel("Address")).toHaveAttribute("aria-invalid", "true");
  await expect(dialog.getByText("must begin with https://")).toHaveCount(2);
  await looksWell(page, "webhook-new");
});

test("a long list of deliveries comes a page at a time", async ({ page, shop }) => {
  const made = await shop.call("create_webhook_subscription", { name: `Long ${unique()}`, event_type: "reward_updated", url: "https://example.com/", status: "ACTIVE" });
  for (let at = 0; at < 31; at++) await shop.call("send_test_webhook", { uuid: made.uuid });
  await page.goto(`/settings/webhooks/${made.uuid}`);
  const rows = page.getByRole("table", { name: "Deliveries" }).getByRole("row");
  await expect(rows).toHaveCount(31);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(rows).toHaveCount(32);
  await shop.call("delete_webhook_subscription", { uuid: made.uuid });
});

test("the server is gone: the list says so, and recovers", async ({ page, shop }) => {
  void shop;
  await page.route("**/platform/operations/list_webhook_subscriptions", (route) => route.abort());
  await page.goto("/settings?tab=webhooks");
  await expect(page.getByText("The server does not answer.").first()).toBeVisible();
  await page.unroute("**/platform/operations/list_webhook_subscriptions");
  await page.getByRole("button", { name: "Try again" }).first().click();
  await expect(page.getByRole("table", { name: "Webhooks", exact: true }).or(page.getByText("No webhooks yet"))).toBeVisible();
});

test("no webhook at all, and a great many of them", async ({ page, shop }) => {
  void shop;
  const one = (at: number) => ({
    uuid: crypto.randomUUID(), name: `Webhook ${at}`, event_type: "contact_created", url: `https://example.com/${"a-long-way/".repeat(12)}${at}`, properties: [],
    status: at % 3 ? "ACTIVE" : "INACTIVE", version: "V1", created_at: "2026-11-01T00:00:00Z",
  });
  let subscriptions: object[] = [];
  await page.route("**/platform/operations/list_webhook_subscriptions", (route) => route.fulfill(answer({ subscriptions })));
  await page.goto("/settings?tab=webhooks");
  await expect(page.getByText("No webhooks yet")).toBeVisible();
  await looksWell(page, "settings-webhooks-none");
  subscriptions = Array.from({ length: 60 }, (_, at) => one(at));
  await page.reload();
  const rows = page.getByRole("table", { name: "Webhooks", exact: true }).getByRole("row");
  await expect(rows).toHaveCount(51);
  await looksWell(page, "settings-webhooks-many");
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(rows).toHaveCount(61);
});

test("a viewer sees what was sent and is refused what changes it", async ({ page, shop }) => {
  const made = await shop.call("create_webhook_subscription", { name: `Seen ${unique()}`, event_type: "reward_updated", url: "https://example.com/" });
  await signInAs(page, "viewer");
  await page.goto(`/settings/webhooks/${made.uuid}`);
  await settled(page);
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.goto(`/settings/webhooks/${crypto.randomUUID()}`);
  await expect(page.getByText("There is no such thing, or no longer.")).toBeVisible();
  await shop.call("delete_webhook_subscription", { uuid: made.uuid });
});
