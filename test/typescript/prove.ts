// A program against the client that `piggy typescript` prints: the compiler checks the types, the run
// what they promise. Arguments: the server's address and a token.

import { Piggy, PiggyError, type Operations } from "./client.js";

function equal(got: unknown, wanted: unknown, what: string): void {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) {
    throw new Error(`${what} is ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
  }
}

const [baseUrl, token] = process.argv.slice(2) as [string, string];
const piggy = new Piggy({ baseUrl, token });

const { shops } = await piggy.call("list_shops", {});
const shop: string = shops[0]!.uuid;
const email = `${Date.now()}-${Math.random().toString(36).slice(2)}@example.com`;
const { uuid: contact } = await piggy.call("create_contact", { email });

const given: Operations["create_credit_reception"]["input"] =
  { shop_uuid: shop, contact_uuid: contact, credits: 7 };
const rehearsed = await piggy.rehearse("create_credit_reception", given);
equal(rehearsed.dry_run, true, "a rehearsal");
equal(rehearsed.effect.map((line) => [line.before, line.after]), [[0, 7]], "its effect");
const first = await piggy.call("create_credit_reception", given, { idempotencyKey: email });
const again = await piggy.call("create_credit_reception", given, { idempotencyKey: email });
equal(again.uuid, first.uuid, "the reception, sent twice");
equal((await piggy.call("get_contact_credit_balance", { contact_uuid: contact })).balance, 7, "the balance");

const refused = await piggy.call("create_contact", { email: "nobody" }).catch((error: unknown) => error);
if (!(refused instanceof PiggyError)) throw new Error(`not refused: ${String(refused)}`);
equal([refused.status, Object.keys(refused.errors)], [400, ["email"]], "what is wrong");
const stranger = await new Piggy({ baseUrl, token: "x".repeat(53) }).call("list_shops", {})
  .catch((error: unknown) => error);
equal(stranger instanceof PiggyError && stranger.status, 401, "a stranger's status");

// What must not compile, and would be an error if it did.
export function neverCompiles(): void {
  // @ts-expect-error There is no such operation.
  void piggy.call("make_coffee", {});
  // @ts-expect-error A shop must be named.
  void piggy.call("create_credit_reception", { contact_uuid: contact, credits: 7 });
  // @ts-expect-error Credits are a number.
  void piggy.call("create_credit_reception", { shop_uuid: shop, credits: "7" });
  // @ts-expect-error There is no such field.
  void piggy.call("create_contact", { email, shoe_size: 43 });
  // @ts-expect-error A read changes nothing that could be rehearsed.
  void piggy.rehearse("list_shops", {});
}

console.log("proved");
