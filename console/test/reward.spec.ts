import { expect, hostile, looksWell, test } from "./base";
import { signInAs } from "./people";

test.use({ allowed: [/status of 40\d|ERR_FAILED/] });

const unique = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;

test("a contact is given a reward after a look at what it would do, and it is handed over and taken back", async ({ page, shop }) => {
  const word = unique();
  const contact = await shop.call("create_contact", { email: `reward-${word}@example.com` });
  const shops = await shop.call("list_shops");
  await shop.call("create_credit_reception", { shop_uuid: shops.shops[0].uuid, contact_uuid: contact.uuid, credits: 100 });
  const title = `Class ${word} ${hostile[0]!}`;
  const reward = await shop.call("create_reward", { title, required_credits: 60, pre_redeemable: true, expiration_duration: 864_000, stock: 3 });
  await page.goto(`/contacts/${contact.uuid}?tab=rewards`);
  await expect(page.getByText("No rewards taken yet")).toBeVisible();
  await page.getByRole("button", { name: "Give a reward" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reward").selectOption(reward.uuid);
  await dialog.getByRole("button", { name: "See what it would do" }).click();
  await expect(dialog.getByText(`credit balance of reward-${word}@example.com`)).toBeVisible();
  await expect(dialog.getByText(`stock of ${title}`)).toBeVisible();
  await looksWell(page, "reward-give");
  await dialog.getByRole("button", { name: "Give it" }).click();
  await expect(page.getByRole("row").filter({ hasText: title })).toContainText("waits");
  await looksWell(page, "contact-rewards");
  await page.getByRole("button", { name: "Hand over" }).click();
  await expect(page.getByRole("row").filter({ hasText: title })).toContainText("handed over");
  // A second one is too dear.
  await page.getByRole("button", { name: "Give a reward" }).click();
  await dialog.getByLabel("Reward").selectOption(reward.uuid);
  await dialog.getByRole("button", { name: "Give it" }).click();
  await expect(dialog.getByText("Insufficient credits")).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("tab", { name: "Timeline" }).click();
  await expect(page.getByText(`Took ${title} for 60 credits`)).toBeVisible();
  await page.getByRole("listitem").filter({ hasText: `Took ${title}` }).getByRole("button").click();
  await expect(dialog.getByText("What would change")).toBeVisible();
  await dialog.getByRole("button", { name: "Take back" }).click();
  await expect(page.getByText("The reward was taken back.")).toBeVisible();
  const balance = await shop.call("get_contact_credit_balance", { contact_uuid: contact.uuid });
  expect(balance.balance).toBe(100);
  await page.getByRole("tab", { name: "Rewards" }).click();
  await expect(page.getByRole("row").filter({ hasText: title })).toContainText("taken back");
});

test("a reward is changed, and who took which is listed, what waits by itself", async ({ page, shop }) => {
  const word = unique();
  const contact = await shop.call("create_contact", { email: `taker-${word}@example.com` });
  const shops = await shop.call("list_shops");
  const shop_uuid = shops.shops[0].uuid;
  const thing = await shop.call("create_reward", { title: `Thing ${word}`, required_credits: 0 });
  const wait = await shop.call("create_reward", { title: `Later ${word}`, required_credits: 0, pre_redeemable: true });
  for (const one of [thing, wait]) await shop.call("create_reward_reception", { shop_uuid, contact_uuid: contact.uuid, reward_uuid: one.uuid });
  await page.goto("/loyalty/rewards");
  const taken = page.getByRole("table", { name: "Taken rewards" });
  await expect(taken.getByRole("row").filter({ hasText: `Thing ${word}` })).toContainText(`taker-${word}@example.com`);
  await looksWell(page, "rewards");
  await page.getByLabel("Only those waiting").check();
  await expect(taken.getByText(`Later ${word}`)).toBeVisible();
  await expect(taken.getByText(`Thing ${word}`)).toHaveCount(0);
  await page.getByRole("table", { name: "Rewards", exact: true }).getByRole("button", { name: `Thing ${word}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Price in credits").fill("much");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("The required credits")).toBeVisible();
  await dialog.getByLabel("Price in credits").fill("75");
  await dialog.getByLabel("Most per contact").fill("1");
  await dialog.getByRole("button", { name: "See what it would do" }).click();
  await expect(dialog.getByText(`price of reward Thing ${word}`)).toBeVisible();
  await looksWell(page, "reward-edit");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  const changed = await shop.call("get_reward", { reward_uuid: thing.uuid });
  expect(changed).toMatchObject({ required_credits: 75, claim_limit: 1 });
});

test("tiers show what they take and bring, and are changed", async ({ page, shop }) => {
  const word = unique();
  await shop.call("create_tier", { name: `Copper ${word}`, credits_required: 5_000_000, multiplier: 1.1 });
  await page.goto("/loyalty/tiers");
  const row = page.getByRole("row").filter({ hasText: `Copper ${word}` });
  await expect(row).toContainText("5,000,000");
  await expect(row).toContainText("× 1.1");
  await looksWell(page, "tiers");
  await row.getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Credits required").fill("6000000");
  await dialog.getByRole("button", { name: "See what it would do" }).click();
  await expect(dialog.getByText(`credits of tier Copper ${word}`)).toBeVisible();
  await looksWell(page, "tier-edit");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText("6,000,000");
});

test("a digital reward gets its codes, one is given and shows up, and stays spent when it is taken back", async ({ page, shop }) => {
  const word = unique();
  await page.goto("/loyalty/rewards");
  await page.getByRole("button", { name: "New reward" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(`Cinema ${word}`);
  await dialog.getByLabel("Price in credits").fill("40");
  await dialog.getByLabel("Kind").selectOption("DIGITAL");
  await expect(dialog.getByLabel("Stock")).toHaveCount(0);
  await looksWell(page, "reward-new-digital");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByRole("link", { name: `Codes of Cinema ${word}` }).click();
  await expect(page.getByText("No codes yet")).toBeVisible();
  await looksWell(page, "reward-codes-none");
  await page.getByRole("button", { name: "Add codes" }).click();
  await dialog.getByLabel("Codes", { exact: true }).fill(`SEAT-${word}-001\n\n  SEAT-${word}-002 \nSEAT-${word}-001\n${hostile[0]!}`);
  await expect(dialog.getByText("4 codes")).toBeVisible();
  await page.route("**/operations/add_reward_codes", (route) => route.abort());
  await dialog.getByRole("button", { name: "Add codes" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await page.unroute("**/operations/add_reward_codes");
  await looksWell(page, "reward-codes-add");
  await dialog.getByRole("button", { name: "Add codes" }).click();
  await expect(dialog.getByText("3 codes were added.")).toBeVisible();
  await expect(dialog.getByText("No. 3")).toBeVisible();
  await looksWell(page, "reward-codes-added");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("button", { name: "Add codes" }).click();
  await dialog.getByLabel(/Or a file/).setInputFiles({ name: "codes.csv", mimeType: "text/csv", buffer: Buffer.from(`code;price\n"FILE;${word}";3\nFILE-${word};4\n`) });
  await expect(dialog.getByText("2 codes")).toBeVisible();
  await dialog.getByRole("button", { name: "Add codes" }).click();
  await expect(dialog.getByText("2 codes were added.")).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByText("5 codes are left to be given out.")).toBeVisible();

  const email = `seat-${word}@example.com`;
  const contact = await shop.call("create_contact", { email });
  const shops = await shop.call("list_shops");
  await shop.call("create_credit_reception", { shop_uuid: shops.shops[0].uuid, contact_uuid: contact.uuid, credits: 100 });
  const { rewards } = await shop.call("list_rewards");
  const reward = rewards.find((one: { title: string }) => one.title === `Cinema ${word}`);
  await page.goto(`/contacts/${contact.uuid}?tab=rewards`);
  await page.getByRole("button", { name: "Give a reward" }).click();
  await dialog.getByLabel("Reward").selectOption(reward.uuid);
  await dialog.getByRole("button", { name: "Give it" }).click();
  await expect(page.getByRole("row").filter({ hasText: `Cinema ${word}` })).toContainText(`SEAT-${word}-001`);
  await looksWell(page, "contact-rewards-code");
  await page.getByRole("tab", { name: "Timeline" }).click();
  await expect(page.getByText(`SEAT-${word}-001`)).toBeVisible();

  const { auth_token: token } = await shop.call("get_contact_auth_token", { contact_uuid: contact.uuid });
  await page.goto(`/portal/demo?token=${token}`);
  await expect(page.getByText(`SEAT-${word}-001`)).toBeVisible();
  await looksWell(page, "portal-code");

  await page.goto(`/loyalty/rewards/${reward.uuid}`);
  await expect(page.getByRole("row").filter({ hasText: `SEAT-${word}-001` })).toContainText(email);
  await expect(page.getByRole("table")).toContainText("<img src=x");
  await looksWell(page, "reward-codes");
  await page.getByRole("button", { name: `Remove: SEAT-${word}-002` }).click();
  await dialog.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByText("1 code was removed.")).toBeVisible();
  await page.goto(`/contacts/${contact.uuid}?tab=rewards`);
  await page.getByRole("button", { name: "Take back" }).click();
  await expect(dialog.getByText("The code stays spent")).toBeVisible();
  await dialog.getByRole("button", { name: "Take back" }).click();
  await expect(page.getByText("The reward was taken back.")).toBeVisible();
  expect((await shop.call("get_reward", { reward_uuid: reward.uuid })).stock).toBe(3);

  await signInAs(page, "viewer");
  await page.goto(`/loyalty/rewards/${reward.uuid}`);
  await expect(page.getByRole("row").filter({ hasText: email })).toContainText("\u2022\u2022\u2022\u2022001");
  expect(await page.content()).not.toContain(`SEAT-${word}`);
});

test("a server that is gone is told of, and what was taken comes back with it", async ({ page, shop }) => {
  void shop;
  await page.route("**/platform/operations/list_reward_receptions", (route) => route.abort());
  await page.goto("/loyalty/rewards");
  await expect(page.getByText("The server does not answer.")).toBeVisible({ timeout: 20_000 });
  await page.unroute("**/platform/operations/list_reward_receptions");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
});
