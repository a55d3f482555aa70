import { expect, hostile, looksWell, test } from "./base";
import { signInAs } from "./people";

test.use({ allowed: [/status of 40\d|ERR_FAILED/] });

const unique = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;

test("a program is made, cards are issued with a look at what they add up to, and printed", async ({ page, shop }) => {
  void shop;
  const name = `Christmas ${unique()} ${hostile[0]!}`;
  await page.goto("/loyalty/giftcards");
  await expect(page.getByRole("link", { name: "Gift card", exact: true })).toBeVisible();
  await looksWell(page, "giftcards");
  await page.getByRole("button", { name: "New programme" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByText("The name must be at least 1")).toBeVisible();
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Good for (days)").fill("365");
  await dialog.getByLabel("Least to put on").fill("5");
  await dialog.getByLabel("Most on a card").fill("100");
  await looksWell(page, "giftcard-program-new");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(page.getByText("No cards yet")).toBeVisible();
  await page.getByRole("button", { name: "Issue cards" }).click();
  await dialog.getByLabel("How many").fill("24");
  await dialog.getByLabel("Kind").selectOption("PHYSICAL");
  await dialog.getByLabel("Amount on each").fill("101");
  await dialog.getByRole("button", { name: "Make cards" }).click();
  await expect(dialog.getByText("Max amount will be exceeded")).toBeVisible();
  await dialog.getByLabel("Amount on each").fill("12,50");
  await dialog.getByRole("button", { name: "See what it would do" }).click();
  await expect(dialog.getByText("€300.00")).toBeVisible();
  await looksWell(page, "giftcard-issue");
  await dialog.getByRole("button", { name: "Make cards" }).click();
  await expect(page.getByRole("heading", { name: "24 cards" })).toBeVisible();
  await expect(page.getByText("€300.00").first()).toBeVisible();
  await looksWell(page, "giftcard-program");
  await page.getByRole("button", { name: "Print sheet" }).click();
  await expect(page.getByRole("img")).toHaveCount(24);
  await looksWell(page, "giftcard-sheet");
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
});

test("a card is found, loaded, paid with, taken back and switched off", async ({ page, shop }) => {
  const program = await shop.call("create_giftcard_program", { name: `Counter ${unique()}`, reloadable: true });
  const { giftcards: [card] } = await shop.call("issue_giftcards", { giftcard_program_uuid: program.uuid, quantity: 1 });
  await page.goto("/loyalty/giftcards");
  await page.getByLabel("Find a gift card by its code").fill("NOSUCHCARD");
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page.getByText("There is no such thing, or no longer.")).toBeVisible();
  await page.getByLabel("Find a gift card by its code").fill(card.hash);
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page.getByText("Nothing was put on it yet.")).toBeVisible();
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "Top up" }).click();
  await dialog.getByLabel("Amount").fill("many");
  await dialog.getByRole("button", { name: "Top up" }).click();
  await expect(dialog.getByText("The amount in cents")).toBeVisible();
  await dialog.getByLabel("Amount").fill("50");
  await dialog.getByRole("button", { name: "See what it would do" }).click();
  await expect(dialog.getByText("€50.00")).toBeVisible();
  await dialog.getByRole("button", { name: "Top up" }).click();
  await expect(page.getByText("The amount is on the card.")).toBeVisible();
  await page.getByRole("button", { name: "Pay with it" }).click();
  await dialog.getByLabel("Amount").fill("50.01");
  await dialog.getByRole("button", { name: "Pay with it" }).click();
  await expect(dialog.getByText("Insufficient amount on giftcard")).toBeVisible();
  await dialog.getByLabel("Amount").fill("19.99");
  await dialog.getByRole("button", { name: "See what it would do" }).click();
  await expect(dialog.getByText("€30.01")).toBeVisible();
  await looksWell(page, "giftcard-pay");
  await dialog.getByRole("button", { name: "Pay with it" }).click();
  await expect(page.getByText("The payment was taken from the card.")).toBeVisible();
  const rows = page.getByRole("table", { name: "What happened with it" }).getByRole("row");
  await expect(rows).toHaveCount(3);
  await looksWell(page, "giftcard-found");
  await rows.nth(1).getByRole("button", { name: "Take back" }).click();
  await dialog.getByRole("button", { name: "See what it would do" }).click();
  await expect(dialog.getByText("What would change")).toBeVisible();
  await dialog.getByRole("button", { name: "Take back" }).click();
  await expect(page.getByText("The transaction was taken back.")).toBeVisible();
  await expect(rows).toHaveCount(4);
  // What takes back is not itself taken back.
  await expect(page.getByRole("button", { name: "Take back" })).toHaveCount(0);
  await page.getByRole("button", { name: "Switch off" }).click();
  await expect(page.getByRole("button", { name: "Switch on" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Pay with it" })).toHaveCount(0);
  await page.getByRole("button", { name: "Switch on" }).click();
  await expect(page.getByRole("button", { name: "Pay with it" })).toBeVisible();
});

test("a card is mailed to a contact, and stands with the contact then", async ({ page, shop }) => {
  const email = `gift-${unique()}@example.com`;
  const contact = await shop.call("create_contact", { email });
  const shops = await shop.call("list_shops");
  const program = await shop.call("create_giftcard_program", { name: `Mailed ${unique()}` });
  const { giftcards: [card] } = await shop.call("issue_giftcards", {
    giftcard_program_uuid: program.uuid, quantity: 1, amount_in_cents: 2500, shop_uuid: shops.shops[0].uuid,
  });
  await page.goto(`/loyalty/giftcards/${program.uuid}?card=${card.hash}`);
  const details = page.getByRole("dialog", { name: "Gift card" });
  await expect(details.getByText("€25.00").first()).toBeVisible();
  await looksWell(page, "giftcard-card");
  await details.getByRole("button", { name: "Send by e-mail" }).click();
  const dialog = page.getByRole("dialog", { name: "Send by e-mail" });
  await dialog.getByRole("combobox", { name: "To whom" }).fill(email);
  await dialog.getByRole("option", { name: email }).click();
  await dialog.getByLabel("A few words with it").fill(hostile[1]!);
  await looksWell(page, "giftcard-mail");
  await dialog.getByRole("button", { name: "Send" }).click();
  await expect(page.getByText("The card is on its way.")).toBeVisible();
  await page.goto(`/contacts/${contact.uuid}?tab=giftcards`);
  await expect(page.getByText("€25.00")).toBeVisible();
  await looksWell(page, "contact-giftcards");
  await page.getByRole("link", { name: card.hash }).click();
  await expect(page.getByRole("dialog", { name: "Gift card" }).getByText(email)).toBeVisible();
});

test("a program is renamed and switched off, and many cards come a page at a time", async ({ page, shop }) => {
  const word = unique();
  const program = await shop.call("create_giftcard_program", { name: `Old ${word}` });
  await shop.call("issue_giftcards", { giftcard_program_uuid: program.uuid, quantity: 120 });
  await page.goto(`/loyalty/giftcards/${program.uuid}`);
  await expect(page.getByRole("row")).toHaveCount(51);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(page.getByRole("row")).toHaveCount(101);
  await page.getByRole("button", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(`New ${word}`);
  await dialog.getByLabel("Gives out new cards").uncheck();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`New ${word}`);
  await expect(page.getByRole("button", { name: "Issue cards" })).toHaveCount(0);
  await page.goto(`/loyalty/giftcards/${program.uuid}?sheet=true`);
  await expect(page.getByText("No card to print")).toBeVisible();
});

test("a server that is gone is told of and comes back", async ({ page, shop }) => {
  void shop;
  await page.route("**/platform/operations/list_giftcard_programs", (route) => route.abort());
  await page.goto("/loyalty/giftcards");
  await expect(page.getByText("The server does not answer.")).toBeVisible({ timeout: 20_000 });
  await page.unroute("**/platform/operations/list_giftcard_programs");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("table", { name: "Programmes" })).toBeVisible();
});

test("who may only read sees cards and is refused what they try", async ({ page }) => {
  await signInAs(page, "viewer");
  await page.goto("/loyalty/giftcards");
  await expect(page.getByRole("table", { name: "Programmes" })).toBeVisible();
  await page.getByRole("button", { name: "New programme" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Not mine");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
});
