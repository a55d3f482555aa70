import { expect, hostile, looksWell, test } from "./base";

test.use({ allowed: [/status of 40\d|ERR_FAILED/] });

const unique = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;

test("a booking is made from a day of the calendar, and changed", async ({ page, shop }) => {
  const word = `Boek${unique()}`;
  const { uuid } = await shop.call("create_contact", { email: `${word.toLowerCase()}@example.com` });
  await shop.call("update_contact", { contact_uuid: uuid, attributes: { firstname: word } });
  const shops = (await shop.call("list_shops")).shops;
  for (let at = 0; at < 5; at++) {
    await shop.call("create_booking", { shop_uuid: shops[at % 2].uuid, contact_uuid: uuid, starts_at: `2031-05-14T${10 + at}:00:00Z`, number_of_people: at + 1, company_name: at === 0 ? hostile[0] : null, status: hostile[2] });
  }
  await page.goto("/loyalty/bookings?view=month&day=2031-05-07");
  await expect(page.getByRole("heading", { name: "May 2031" })).toBeVisible();
  await expect(page.getByRole("button", { name: "2 more" })).toBeVisible();
  await looksWell(page, "bookings-month");
  const day = page.getByRole("button", { name: "Book on Wednesday 7 May" });
  await day.focus();
  await day.press("ArrowDown");
  await expect(page.getByRole("button", { name: "Book on Wednesday 14 May, 5 bookings" })).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("button", { name: "Book on Thursday 15 May" })).toBeFocused();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "For whom" }).fill(word);
  await dialog.getByRole("option", { name: word }).click();
  await expect(dialog.getByLabel("Begins")).toHaveValue("2031-05-15T18:00");
  await dialog.getByLabel("People").fill("a few");
  await dialog.getByRole("button", { name: "Book", exact: true }).click();
  await expect(dialog.getByText("must be an integer")).toBeVisible();
  await dialog.getByLabel("People").fill("8");
  await dialog.getByLabel("Company").fill(hostile[1]!);
  await looksWell(page, "booking-new");
  await dialog.getByRole("button", { name: "Book", exact: true }).click();
  await expect(page.getByText("It is booked.")).toBeVisible();
  await page.getByRole("button", { name: "Week" }).click();
  await page.getByRole("button", { name: hostile[1]! }).click();
  await dialog.getByLabel("People").fill("6");
  await dialog.getByRole("button", { name: "See what it would do" }).click();
  await expect(dialog.getByText("number of people of the booking")).toBeVisible();
  await dialog.getByRole("button", { name: "They are here" }).click();
  await dialog.getByLabel("State").fill("canceled");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await looksWell(page, "bookings-week");
  await page.getByRole("button", { name: "Later" }).click();
  await expect(page.getByRole("heading", { name: /^19\D+25 May 2031/ })).toBeVisible();
  await page.getByRole("button", { name: "Month" }).click();
  await page.getByLabel("Shop", { exact: true }).selectOption({ label: "Web shop" });
  await expect(page.getByRole("button", { name: /Book on Wednesday 14 May, 2 bookings/ })).toBeVisible();
  const { bookings } = await shop.call("list_bookings", { contact_uuid: uuid });
  expect(bookings[0]).toMatchObject({ number_of_people: 6, status: "canceled", company_name: hostile[1] });
});

test("where there is little room, the calendar is a list; and it says when the server is gone", async ({ page, shop }) => {
  void shop;
  await page.setViewportSize({ width: 360, height: 760 });
  await page.goto("/loyalty/bookings?view=month&day=2029-01-07");
  await expect(page.getByText("No bookings here")).toBeVisible();
  await page.route("**/operations/list_bookings", (route) => route.abort());
  await page.reload();
  await expect(page.getByRole("alert")).toContainText("The server does not answer");
  await page.unroute("**/operations/list_bookings");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("No bookings here")).toBeVisible();
});
