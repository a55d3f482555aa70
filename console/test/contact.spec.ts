import type { Page } from "@playwright/test";

import { Shop, expect, hostile, looksWell, test } from "./base";
import { signInAs } from "./people";

const unique = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;

async function made(shop: Shop, name: string, attributes: object = {}): Promise<{ uuid: string; email: string }> {
  const email = `${name}-${unique()}@example.com`;
  const { uuid } = await shop.call("create_contact", { email });
  if (Object.keys(attributes).length > 0) await shop.call("update_contact", { contact_uuid: uuid, attributes });
  return { uuid, email };
}

async function firstShop(shop: Shop): Promise<string> {
  return (await shop.call("list_shops")).shops[0].uuid;
}

async function act(page: Page, name: string) {
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name }).click();
}

test("a contact is found while typing, by the keyboard alone", async ({ page, shop }) => {
  const word = `Zoekje${unique()}`;
  const first = await made(shop, "zoek", { firstname: word, lastname: "Jansen" });
  await made(shop, "zoek", { firstname: word, lastname: "de Vries" });
  await page.goto("/contacts");
  await expect(page.getByRole("table", { name: "Contacts" }).getByRole("row").nth(1)).toBeVisible();
  await looksWell(page, "contacts");
  const search = page.getByRole("combobox", { name: "Search contacts" });
  await search.fill(word);
  await expect(page.getByRole("option")).toHaveCount(2);
  await looksWell(page, "contacts-search");
  await expect(page.getByRole("option", { selected: true })).toContainText("Jansen");
  await search.press("ArrowDown");
  await expect(page.getByRole("option", { selected: true })).toContainText("de Vries");
  await search.press("ArrowUp");
  await search.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${word} Jansen`);
  expect(page.url()).toContain(first.uuid);
});

test("an answer that comes late is not shown for what was typed since", async ({ page, shop }) => {
  const word = `Laat${unique()}`;
  await made(shop, "laat", { firstname: word });
  let free = () => undefined as void;
  const held = new Promise<void>((resolve) => { free = resolve; });
  await page.route("**/operations/search_contacts", async (route) => {
    if (route.request().postData()?.includes(word)) await held;
    await route.continue().catch(() => undefined);
  });
  await page.goto("/contacts");
  const search = page.getByRole("combobox", { name: "Search contacts" });
  const asked = page.waitForRequest("**/operations/search_contacts");
  await search.fill(word);
  await asked;
  await search.fill("nobody-has-this-name");
  await expect(page.getByText("Nobody found for “nobody-has-this-name”.")).toBeVisible();
  free();
  await expect(page.getByRole("option")).toHaveCount(0);
});

test.describe("where refusals are expected", () => {
  test.use({ allowed: [/status of 40\d|ERR_FAILED/] });

  test("a contact is made, and an address that is taken leads to its contact", async ({ page, shop }) => {
    const there = await made(shop, "there");
    await page.goto("/contacts");
    await page.getByRole("button", { name: "New contact" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("E-mail address").fill("no address");
    await dialog.getByRole("button", { name: "Create" }).click();
    await expect(dialog.getByText("must be a valid email address")).toBeVisible();
    await dialog.getByLabel("E-mail address").fill(there.email);
    await dialog.getByRole("button", { name: "Create" }).click();
    await expect(dialog.getByText(`${there.email} is a contact already.`)).toBeVisible();
    await looksWell(page, "contacts-create");
    const email = `new-${unique()}@example.com`;
    await dialog.getByLabel("E-mail address").fill(email);
    await dialog.getByRole("button", { name: "Create" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(email);
    await expect(page.getByText("Nothing happened yet")).toBeVisible();
  });

  test("attributes are edited by their type, and what is wrong stands at the field", async ({ page, shop }) => {
    const name = `choice_${unique()}`;
    await shop.call("create_contact_attribute", { name, label: `Favourite ${name}`, data_type: "multi_select",
                                                  options: [{ label: "Heather", value: "heather" }, { label: "Lime", value: "lime" }] });
    const contact = await made(shop, "attr");
    await page.goto(`/contacts/${contact.uuid}?tab=attributes`);
    await page.getByLabel("First name").fill("Ann");
    await page.getByLabel("Telephone number").fill("no number");
    await page.getByRole("group", { name: `Favourite ${name}` }).getByLabel("Lime").check();
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("This is not a telephone number.")).toBeVisible();
    await looksWell(page, "contact-attributes");
    await page.getByLabel("Telephone number").fill("+31 6 1234567");
    await page.getByLabel("Birth date").fill("1990-05-04");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("The attributes were saved.")).toBeVisible();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ann");
    const now = await shop.call("get_contact", { contact_uuid: contact.uuid });
    expect(now.current_values).toMatchObject({ firstname: "Ann", phonenumber: "+31 6 1234567", birthdate: "1990-05-04" });
  });

  test("two contacts become one, after a look at what would happen", async ({ page, shop }) => {
    const keeps = await made(shop, "keeps", { firstname: "Kees" });
    const word = `Dubbel${unique()}`;
    const goes = await made(shop, "goes", { firstname: word, lastname: "Jansen" });
    await shop.call("create_credit_reception", { shop_uuid: await firstShop(shop), contact_uuid: goes.uuid, credits: 40 });
    await page.goto(`/contacts/${keeps.uuid}`);
    await act(page, "Merge with another contact");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox").fill(word);
    await dialog.getByRole("option", { name: word }).click();
    await expect(dialog.getByText("What would change")).toBeVisible();
    await looksWell(page, "contact-merge");
    await expect(dialog.getByRole("button", { name: "Merge for good" })).toBeDisabled();
    await dialog.getByLabel("Both are the same person").check();
    await dialog.getByRole("button", { name: "Merge for good" }).click();
    await expect(page.getByText("Both are one contact now.")).toBeVisible();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Kees Jansen");
  });

  test("a contact is erased once its address is typed", async ({ page, shop }) => {
    const contact = await made(shop, "erase");
    await page.goto(`/contacts/${contact.uuid}`);
    await act(page, "Erase contact");
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByText("What would change")).toBeVisible();
    await looksWell(page, "contact-erase");
    await expect(dialog.getByRole("button", { name: "Erase contact" })).toBeDisabled();
    await dialog.getByLabel(`Type ${contact.email} to confirm`).fill(contact.email);
    await dialog.getByRole("button", { name: "Erase contact" }).click();
    await expect(page.getByText("The contact was erased.")).toBeVisible();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Contacts");
  });

  test("a contact that is not there, and a server that is gone, are said", async ({ page, shop }) => {
    const contact = await made(shop, "gone");
    await page.goto("/contacts/01a2271b-cca6-7002-888f-000000000000");
    await expect(page.getByRole("alert")).toContainText("There is no such thing");
    await page.route("**/operations/get_contact", (route) => route.abort());
    await page.goto(`/contacts/${contact.uuid}`);
    await expect(page.getByRole("alert")).toContainText("The server does not answer");
    await page.unroute("**/operations/get_contact");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(contact.email);
  });

  test("who may only look is told so", async ({ page, shop }) => {
    const contact = await made(shop, "seen");
    await signInAs(page, "viewer");
    await page.goto(`/contacts/${contact.uuid}`);
    await page.getByRole("button", { name: "Give or take credits" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Credits").fill("10");
    await dialog.getByRole("button", { name: "Give", exact: true }).click();
    await expect(dialog.getByRole("alert")).toBeVisible();
    await looksWell(page, "contact-viewer");
  });

  test("a file is imported: its columns are told, its wrong rows shown, and it survives a reload", async ({ page, shop }) => {
    const word = unique();
    const rows = Array.from({ length: 700 }, (_, at) => `imp${at}-${word}@example.com,Name ${at},1990-01-02,x`);
    const text = ["E-mail,First name,Birth date,Unknown", ...rows, "no address,A,,", ",B,,", `imp0-${word}@example.com,C,,`, `late-${word}@example.com,D,yesterday,`].join("\n");
    await page.goto("/contacts/import");
    await looksWell(page, "contact-import-file");
    await page.getByLabel("Choose a CSV file").setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await expect(page.getByLabel("First name becomes")).toHaveValue("firstname");
    await expect(page.getByLabel("Unknown becomes")).toHaveValue("");
    await page.getByRole("button", { name: "Check the rows" }).click();
    await expect(page.getByRole("heading", { name: /4 rows with problems/ })).toBeVisible();
    await expect(page.getByRole("row", { name: /705/ })).toContainText("birth date must be a date");
    await looksWell(page, "contact-import-check");
    let sent = 0;
    await page.route("**/operations/import_contacts", async (route) => {
      sent++;
      if (sent === 2) await route.abort();
      else await route.continue();
    });
    await page.getByRole("button", { name: "Import 700 contacts" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    await page.unroute("**/operations/import_contacts");
    await page.reload();
    await expect(page.getByText("700 contacts were made or updated.")).toBeVisible();
    await looksWell(page, "contact-import-done");
    await page.getByRole("link", { name: "To the contacts" }).click();
    await expect(page.getByText(`imp699-${word}@example.com`)).toBeVisible();
    const found = await shop.call("find_contact", { email: `imp699-${word}@example.com` });
    expect(found.current_values).toMatchObject({ firstname: "Name 699", birthdate: "1990-01-02" });
  });
});

test("credits are given and taken, after a look at what it would do, and reversed", async ({ page, shop }) => {
  const contact = await made(shop, "credits", { firstname: "Carla" });
  await page.goto(`/contacts/${contact.uuid}`);
  await page.getByRole("button", { name: "Give or take credits" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Credits", { exact: true }).fill("250");
  await dialog.getByRole("button", { name: "See what it would do" }).click();
  await expect(dialog.getByText(`credit balance of ${contact.email}`)).toBeVisible();
  await looksWell(page, "contact-credits");
  await dialog.getByRole("button", { name: "Give", exact: true }).click();
  await expect(page.getByText("250 credits were given.")).toBeVisible();
  await expect(page.getByText("Balance 250")).toBeVisible();
  await page.getByRole("button", { name: "Give or take credits" }).click();
  await dialog.getByText("Purchase", { exact: true }).click();
  await dialog.getByLabel("Amount spent").fill("12,50");
  await dialog.getByRole("button", { name: "Book purchase" }).click();
  await expect(page.getByText("Purchase Amount 12.5")).toBeVisible();
  await looksWell(page, "contact-timeline");
  await page.getByRole("listitem").filter({ hasText: "+250 credits" }).getByRole("button", { name: "Reverse" }).click();
  await expect(dialog.getByText("What would change")).toBeVisible();
  await dialog.getByRole("button", { name: "Reverse" }).click();
  await expect(page.getByText("The transaction was reversed.")).toBeVisible();
  await expect(page.getByText("−250 credits")).toBeVisible();
});

test("identifiers are added, renamed, switched off, unlinked and linked again", async ({ page, shop }) => {
  const contact = await made(shop, "cards");
  const card = `CARD-${unique()}`;
  await page.goto(`/contacts/${contact.uuid}?tab=identifiers`);
  await expect(page.getByText("No identifiers")).toBeVisible();
  await page.getByRole("button", { name: "Add identifier" }).click();
  await page.getByLabel("Value").fill(card);
  await page.getByRole("dialog").getByRole("button", { name: "Add" }).click();
  const row = page.getByRole("row", { name: card });
  await expect(row).toContainText("default");
  const menu = async (item: string) => {
    await row.getByRole("button", { name: /^Actions/ }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await menu("Rename");
  await page.getByRole("dialog").getByLabel("Name").fill(hostile[0]!);
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText(hostile[0]!);
  await menu("Switch off");
  await expect(row).toContainText("switched off");
  await looksWell(page, "contact-identifiers");
  await menu("Switch on");
  await expect(row).not.toContainText("switched off");
  await menu("Unlink");
  await expect(page.getByText("No identifiers")).toBeVisible();
  await page.getByRole("button", { name: "Add identifier" }).click();
  await page.getByLabel("Which one").selectOption("link");
  await page.getByLabel("Value").fill(card);
  await page.getByRole("dialog").getByRole("button", { name: "Add" }).click();
  await expect(row).toBeVisible();
  await menu("Delete for good");
  await page.getByRole("dialog").getByRole("button", { name: "Delete for good" }).click();
  await expect(page.getByText("No identifiers")).toBeVisible();
});

test("consent, vouchers, bookings, sequences and the lead score are shown", async ({ page, shop }) => {
  const word = unique();
  const { uuid: type } = await shop.call("create_subscription_type", { name: `News ${word}`, description: "Once a month." });
  const contact = await made(shop, "all", { firstname: hostile[1], lastname: hostile[3] });
  await shop.call("create_booking", { shop_uuid: await firstShop(shop), contact_uuid: contact.uuid, starts_at: "2027-05-01T18:00:00Z", number_of_people: 3, status: hostile[2], company_name: hostile[0] });
  await page.goto(`/contacts/${contact.uuid}?tab=consent`);
  await page.getByRole("button", { name: `Subscribe to News ${word}` }).click();
  await expect(page.getByRole("button", { name: `Unsubscribe from News ${word}` })).toBeVisible();
  await looksWell(page, "contact-consent");
  await page.getByRole("tab", { name: "Vouchers" }).click();
  await expect(page.getByText("No vouchers")).toBeVisible();
  await page.getByRole("button", { name: "Give vouchers" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "See what it would do" }).click();
  await expect(page.getByText(/What would change|Nothing would change/)).toBeVisible();
  await looksWell(page, "contact-vouchers-give");
  await page.getByRole("dialog").getByRole("button", { name: "Give", exact: true }).click();
  await expect(page.getByText(/Voucher .* was made/)).toBeVisible();
  await looksWell(page, "contact-vouchers");
  await page.getByRole("tab", { name: "Bookings" }).click();
  await expect(page.getByText(hostile[2]!)).toBeVisible();
  await looksWell(page, "contact-bookings");
  await page.getByRole("tab", { name: "Sequences" }).click();
  await expect(page.getByText("Not in any sequence")).toBeVisible();
  await page.getByRole("tab", { name: "Lead score" }).click();
  await expect(page.getByText("Gave a first name")).toBeVisible();
  await looksWell(page, "contact-lead");
  await expect(page).toHaveTitle(/onerror|script|constructor/);
  expect(type).toBeTruthy();
});

test("the auth token is shown once, and mail is sent", async ({ page, shop }) => {
  const contact = await made(shop, "token");
  await page.goto(`/contacts/${contact.uuid}`);
  await act(page, "Auth token");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("This person has proved").check();
  await dialog.getByRole("button", { name: "Make token" }).click();
  await expect(dialog.getByLabel("Auth token", { exact: true })).toContainText("pgt1_");
  await dialog.getByRole("button", { name: "Hide" }).click();
  await expect(page.getByText("pgt1_")).toHaveCount(0);
  await act(page, "Send verification e-mail");
  await dialog.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByText(`on its way to ${contact.email}`)).toBeVisible();
});

test("contacts are exported as CSV", async ({ page, shop }) => {
  const contact = await made(shop, "export", { firstname: "=1+1" });
  await page.goto("/contacts");
  await page.getByRole("button", { name: "Export" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("dialog").getByRole("button", { name: "Export" }).click();
  const stream = await (await download).createReadStream();
  const text = (await stream.toArray()).join("");
  expect(text).toMatch(/^uuid,email,credits,tier,/);
  expect(text).toContain(contact.email);
  expect(text).toContain("'=1+1");
  await expect(page.getByText("The file contacts.csv is with your downloads.")).toBeVisible();
  await looksWell(page, "contacts-export");
});
