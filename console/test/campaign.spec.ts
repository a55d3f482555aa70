import { Shop, expect, hostile, looksWell, test } from "./base";

// The tools of this test are scripts too, which the frame of a mail lets nobody run.
test.use({ allowed: [/\b(400|403|404|409|422)\b|ERR_FAILED|Blocked script execution in '[^']*\/mail-preview\//] });

let count = 0;
const unique = (name: string) => `${name} ${Date.now().toString(36)}${count++}`;

/** A purpose, somebody subscribed to it, somebody who is not, a segment of both, and a mail. */
async function ready(shop: Shop) {
  await shop.call("set_mail_sender", { name: "The Honey Shop", postal_address: "Bee Lane 1, Utrecht" });
  const purpose = await shop.call("create_subscription_type", { name: unique("News") });
  const segment = await shop.call("create_segment", { name: unique("Readers") });
  const people: string[] = [];
  for (const who of ["yes", "no"]) {
    const made = await shop.call("create_contact", { email: `${unique(who).replace(" ", "-")}@example.com` });
    people.push(made.uuid);
  }
  await shop.call("subscribe_contact", { contact_uuid: people[0], subscription_type_uuid: purpose.uuid });
  await shop.call("add_segment_members", { uuid: segment.uuid, contact_uuids: people });
  const template = await shop.call("create_mail_template", { name: unique("Spring"), subject: "Spring is here", html: "<h1>Hello {{ contact.firstname | default: \"there\" }}</h1>", subscription_type_uuid: purpose.uuid });
  return { purpose, segment, template, people };
}

test("a mail is written, looked at and tried", async ({ page, shop }) => {
  void shop;
  await page.goto("/marketing/templates/new");
  const name = unique("Letter");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Subject").fill("For you, {{ contact.nonsense }}");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.locator("[aria-invalid]")).toBeVisible();
  await page.getByLabel("Subject").fill("For you");
  await page.getByLabel("Body (HTML)").fill(`<p>Hello</p>`);
  await page.getByRole("button", { name: "{{ contact.credits }}" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  await page.getByRole("tab", { name: "As text" }).click();
  await expect(page.getByRole("region", { name: "As text" })).toContainText("Hello");
  await looksWell(page, "mail-template-text");
  await page.getByRole("tab", { name: "As HTML" }).click();
  await expect(page.frameLocator("iframe").getByText("Hello")).toBeVisible();
  await page.getByRole("button", { name: "Test mail" }).click();
  await page.getByRole("dialog").getByLabel("To").fill("nobody");
  await page.getByRole("button", { name: "Send test" }).click();
  await expect(page.getByRole("dialog").locator("[aria-invalid]")).toBeVisible();
});

test("a campaign is planned, confirmed and followed", async ({ page, shop }) => {
  const { purpose, segment, template } = await ready(shop);
  await page.goto("/marketing/campaigns");
  await page.getByRole("button", { name: "New campaign" }).click();
  const dialog = page.getByRole("dialog");
  const name = unique("Spring");
  await dialog.getByRole("button", { name: "See who would get it" }).click();
  await expect(dialog.locator("[aria-invalid]").first()).toBeVisible();
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("To whom").selectOption(segment.uuid);
  await dialog.getByLabel("Purpose").selectOption(purpose.uuid);
  await dialog.getByLabel("Template").selectOption(template.uuid);
  await looksWell(page, "campaign-new");
  await dialog.getByRole("button", { name: "See who would get it" }).click();
  await expect(dialog.getByRole("heading", { name: "1 person would get it" })).toBeVisible();
  await looksWell(page, "campaign-confirm");
  await dialog.getByRole("button", { name: "Send it now" }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  await expect(page.getByText(/2\s*selected = /)).toBeVisible();
  await looksWell(page, "campaign");
  await page.goto("/marketing");
  await expect(page.getByRole("link", { name, exact: true })).toBeVisible();
  await looksWell(page, "marketing");
});

test("a campaign for later is cancelled, after it was asked", async ({ page, shop }) => {
  const { purpose, segment, template } = await ready(shop);
  const made = await shop.call("schedule_campaign", {
    name: unique("Later"), segment_uuid: segment.uuid, subscription_type_uuid: purpose.uuid, send_at: new Date(Date.now() + 86_400_000).toISOString(),
    variants: [{ name: "A", template_uuid: template.uuid, weight: 1 }],
  });
  await page.goto(`/marketing/campaigns/${made.uuid}`);
  await page.getByRole("button", { name: "Cancel campaign" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel campaign" }).click();
  await expect(page.getByText("Cancelled.", { exact: true })).toBeVisible();
});

test("a sequence is made, paused, and somebody is enrolled", async ({ page, shop }) => {
  const { purpose, template, people } = await ready(shop);
  await page.goto("/marketing/sequences");
  await page.getByRole("button", { name: "New sequence" }).click();
  const dialog = page.getByRole("dialog");
  const name = unique("Welcome");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Purpose").selectOption(purpose.uuid);
  await dialog.getByLabel("Template of mail 1").selectOption(template.uuid);
  await dialog.getByRole("button", { name: "Add a mail" }).click();
  await dialog.getByLabel("Template of mail 2").selectOption(template.uuid);
  await looksWell(page, "sequence-new");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Enrol somebody" }).click();
  const { email } = await shop.call("get_contact", { contact_uuid: people[0] });
  await dialog.getByLabel("Contact").fill(email);
  await dialog.getByRole("button", { name: email }).click();
  await dialog.getByRole("button", { name: "Enrol somebody" }).click();
  await expect(page.getByRole("link", { name: email })).toBeVisible();
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("button", { name: "Resume" })).toBeVisible();
  await looksWell(page, "sequence");
  await page.getByRole("button", { name: `Take ${email} out` }).click();
  await expect(page.getByText("Taken out.")).toBeVisible();
});

test("leads are listed by score, explained, and their rules changed", async ({ page, shop }) => {
  const form = (await shop.call("list_forms")).forms[0];
  await shop.call("submit_form", { uuid: form.uuid, email: `${unique("lead").replace(" ", "-")}@example.com`, _key: crypto.randomUUID() });
  await page.goto("/marketing/leads");
  const row = page.getByRole("button", { name: /^lead-/ }).first();
  await expect(async () => {
    await page.reload();
    await expect(row).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 120_000 });
  await looksWell(page, "leads");
  await row.click();
  await expect(page.getByRole("dialog").getByText("Sent in a form")).toBeVisible();
  await looksWell(page, "lead-why");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.getByRole("tab", { name: "Rules" }).click();
  await page.getByLabel("Points for: Bought").fill("21");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/^Saved as version/)).toBeVisible();
  await looksWell(page, "lead-model");
});

test("hostile texts are text, in mails too", async ({ page, shop }) => {
  const made = await shop.call("create_mail_template", { name: unique(hostile[0]!), subject: hostile[1]!, html: `${hostile[0]}<script>parent.document.title='owned'</script><p>Body</p>` });
  await page.goto(`/marketing/templates/${made.uuid}`);
  await expect(page.frameLocator("iframe").getByText("Body")).toBeVisible();
  expect(await page.title()).not.toBe("owned");
  await page.goto("/marketing/templates");
  await expect(page.getByText(hostile[1]!).first()).toBeVisible();
  await looksWell(page, "mail-templates");
});
