// A shop that has existed for long: lists of 50,000, made in a minute or two.

import { expect, owner, Shop } from "./base";

/** PIGGY_MANY makes it fewer, while a test is written. */
export const many = Number(process.env["PIGGY_MANY"] ?? 50_000);
/** Of what takes longer to make. */
export const some = many / 5;
export const addresses = 3 * some;

export interface Filled {
  shop: Shop;
  word: string;
  promotion: string;
  segment: string;
  form: string;
  /** Who ordered `some` times. */
  regular: string;
}

const url = process.env["PIGGY_URL"]!;

/** Operations by plain requests, several at a time: the tests' own client takes milliseconds for each. */
async function quick(): Promise<(name: string, input: object) => Promise<void>> {
  const signedIn = await fetch(`${url}/platform/session`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ email: owner.email, password: owner.password }),
  });
  const { proof } = (await signedIn.json()).data;
  const cookie = signedIn.headers.getSetCookie()[0]!.split(";")[0]!;
  return async (name, input) => {
    const response = await fetch(`${url}/platform/operations/${name}`, {
      method: "POST", body: JSON.stringify(input),
      headers: { "Content-Type": "application/json", "X-Piggy-Proof": proof, "Idempotency-Key": crypto.randomUUID(), Cookie: cookie },
    });
    const text = await response.text();
    // Not by expect(), which keeps every step: of so many that takes longer than all the rest.
    if (!response.ok) throw new Error(`${name}: ${text}`);
  };
}

/** Does it for 0, 1, 2 … below `count`, eight at a time. */
async function each(count: number, what: string, act: (at: number) => Promise<unknown>) {
  const began = Date.now();
  let next = 0;
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (next < count) await act(next++);
  }));
  console.log(`${what} asked for in ${((Date.now() - began) / 1_000).toFixed(1)} s`);
}

const range = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + at);

export async function fill(shop: Shop): Promise<Filled> {
  const word = Date.now().toString(36);
  const call = await quick();
  const { uuid: promotion } = await shop.call("create_promotion", { name: `Many ${word}`, description: "One for everybody." });
  const { uuid: form } = await shop.call("create_form", {
    name: `Many ${word}`, status: "PUBLISHED", fields: [{ name: "email", label: "E-mail", type: "email", required: true }, { name: "says", label: "Says" }],
  });
  const { shops } = await shop.call("list_shops");
  const began = Date.now();
  await each(many / 1_000, "contacts", (at) => call("import_contacts", {
    contacts: range(at * 1_000, 1_000).map((one) => ({ email: `many${one}-${word}@example.com`, custom_attributes: [{ name: "firstname", value: `Many ${one}` }] })),
  }));
  await each(many / 500, "products", (at) => call("create_products_batch", {
    products: range(at * 500, 500).map((one) => ({ external_identifier: `sku-${one}-${word}`, name: `Product ${one}` })),
  }));
  await each(many / 500, "categories", (at) => call("create_product_categories_batch", {
    categories: range(at * 500, 500).map((one) => ({ external_identifier: `category-${one}-${word}`, name: `Category ${one}` })),
  }));
  await each(many / 500, "vouchers", () => call("create_vouchers_batch", { promotion_uuid: promotion, quantity: 500 }));
  const email = `regular-${word}@example.com`;
  const { uuid: regular } = await shop.call("create_contact", { email });
  await each(some / 500, "orders", (at) => call("import_orders", {
    source: word, shop_uuid: shops[0].uuid,
    orders: range(at * 500, 500).map((one) => ({
      number: `${one}`, ordered_at: new Date(Date.UTC(2026, 0, 1) + one * 600_000).toISOString(), customer: email,
      lines: [{ line: 1, stock_code: "jar", description: "Jar of honey", quantity: 1, unit_price: 10 }],
    })),
  }));
  await each(some, "submissions", (at) => call("submit_form", { uuid: form, email: `many${at}-${word}@example.com`, says: `Hello ${at}` }));
  // What is done one by one is on record as well: as many calls.
  await each(addresses, "addresses", (at) => call("add_suppression", { address: `no${at}-${word}@example.com` }));
  await expect.poll(async () => (await shop.call("list_contacts", { limit: 1 })).page.total, { timeout: 300_000 }).toBeGreaterThan(many);
  await each(some, "bookings", (at) => call("create_booking", {
    shop_uuid: shops[0].uuid, contact_uuid: regular, number_of_people: 1 + at % 8, status: "created",
    starts_at: new Date(Date.UTC(2026, 0, 1, 9) + at * 1_800_000).toISOString(),
  }));
  const { uuid: segment } = await shop.call("create_segment", { name: `Many ${word}`, conditions: { all: [{ field: "email", is: "begins_with", value: "many" }] } });
  await shop.call("refresh_segment", { uuid: segment });
  await expect.poll(async () => (await shop.call("list_vouchers", { promotion_uuid: promotion, limit: 1 })).page.total, { timeout: 300_000 }).toBe(many);
  console.log(`made in ${((Date.now() - began) / 1_000).toFixed(0)} s`);
  return { shop, word, promotion, segment, form, regular };
}
