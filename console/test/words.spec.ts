import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { parseSync } from "vite";

import { effectsDutch, effectsOnTextDutch } from "../src/words/effect_nl";
import { operationsDutch } from "../src/words/operation_nl";
import { hintsDutch, labelsDutch } from "../src/words/parameter_nl";
import { phrasebook } from "../src/words/phrases";
import { problemsDutch } from "../src/words/problem_nl";
import { refusalsDutch } from "../src/words/refusal_nl";
import { plainly } from "../src/words/plain_en";
import { english, type Tool } from "../src/words/server";
import { server as dutch } from "../src/words/server_nl";
import { shippedDutch } from "../src/words/shipped_nl";
import { expect, test } from "./base";

// All text of the console lies in src/words: neither between tags nor in an attribute that is read out
// or shown stands any other.

const attributes = new Set(["about", "action", "alt", "aria-description", "aria-label", "hint", "label", "name", "placeholder", "title"]);

interface Node {
  type: string;
  start: number;
  [part: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return value !== null && typeof value === "object" && typeof (value as Node).type === "string";
}

/** Words, as opposed to marks, numbers and code. An attribute `name` may hold a field's name or an icon's. */
function isText(text: string, attribute?: string): boolean {
  if (attribute === "name") return /[\p{L}]+\s+[\p{L}]+/u.test(text);
  return /\p{L}{2}/u.test(text) || attribute === undefined && /\p{L}/u.test(text);
}

/** The same in every language. */
const names = new Set(["CSV", "JSON", "Piggy", "https://"]);

function literals(node: Node): string[] {
  if (node.type === "Literal" && typeof node["value"] === "string") return [node["value"]];
  if (node.type === "TemplateLiteral") return (node["quasis"] as { value: { cooked: string } }[]).map((one) => one.value.cooked);
  if (node.type === "JSXExpressionContainer") return literals(node["expression"] as Node);
  if (node.type === "ConditionalExpression") return [...literals(node["consequent"] as Node), ...literals(node["alternate"] as Node)];
  if (node.type === "LogicalExpression") return [...literals(node["left"] as Node), ...literals(node["right"] as Node)];
  return [];
}

/** Text that a file holds itself, each with its line. */
function textsOf(file: string, source: string): string[] {
  const found: string[] = [];
  const keep = (node: Node, text: string) => {
    if (names.has(text.trim())) return;
    found.push(`${file}:${source.slice(0, node.start).split("\n").length}: ${text.trim()}`);
  };
  const look = (node: Node, inJsx: boolean) => {
    if (node.type === "JSXText" && isText(String(node["value"]))) keep(node, String(node["value"]));
    if (node.type === "JSXAttribute") {
      const attribute = String((node["name"] as Node)["name"]);
      if (attributes.has(attribute) && isNode(node["value"])) {
        for (const text of literals(node["value"])) if (isText(text, attribute)) keep(node, text);
      }
    }
    if (inJsx && node.type === "JSXExpressionContainer") {
      for (const text of literals(node)) if (isText(text)) keep(node, text);
    }
    const within = node.type === "JSXElement" || node.type === "JSXFragment";
    for (const part of Object.values(node)) {
      for (const one of Array.isArray(part) ? part : [part]) if (isNode(one)) look(one, within);
    }
  };
  const { program, errors } = parseSync(file, source);
  expect(errors, file).toEqual([]);
  look(program as unknown as Node, false);
  return found;
}

test("no page holds text of its own", () => {
  const files = ["src/app", "src/features", "src/ui"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tsx")).map((name) => join(folder, name)));
  expect(files.length).toBeGreaterThan(20);
  expect(files.flatMap((file) => textsOf(file, readFileSync(file, "utf8")))).toEqual([]);
});

test("text of a page's own is found, wherever it stands", () => {
  expect(textsOf("page.tsx", "const a = <p title=\"A title\">Hello {name}</p>;\nconst b = <i aria-label={on ? `Say ${it}` : \"\"}>{on && \"Yes\"}</i>;"))
    .toEqual(["page.tsx:1: A title", "page.tsx:1: Hello", "page.tsx:2: Say", "page.tsx:2: Yes"]);
  expect(textsOf("page.tsx", "const a = <Icon name=\"home\" className=\"a b\">{w.title} – {\"→\"}</Icon>;")).toEqual([]);
});

// What the server says is said in Dutch by tables of ours. These name what the tables lack.

test("every operation has a Dutch name", () => {
  const operations = [...readFileSync("src/api/piggy.ts", "utf8").matchAll(/^  (\w+): \{ input: /gm)].map(([, name]) => name!);
  expect(operations.length).toBeGreaterThan(250);
  expect(operations.filter((name) => !(name in operationsDutch))).toEqual([]);
  expect(Object.keys(operationsDutch).filter((name) => !operations.includes(name)), "named, but no longer there").toEqual([]);
  const names = Object.values(operationsDutch);
  expect(names.filter((name, at) => names.indexOf(name) !== at), "two of the same name").toEqual([]);
});

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}

/** The fields of a tool's input, those within others too. */
function fieldsOf(schema: Schema): [string, Schema][] {
  const within = [schema.items, ...(schema.anyOf ?? [])].flatMap((one) => (one ? fieldsOf(one) : []));
  return [...Object.entries(schema.properties ?? {}).flatMap(([name, one]): [string, Schema][] => [[name, one], ...fieldsOf(one)]), ...within];
}

test("every tool has a Dutch name, and says in Dutch what it does and takes", async ({ shop }) => {
  const { tools } = (await shop.call("list_tools")) as { tools: Tool[] };
  const { connectors } = (await shop.call("list_connectors")) as { connectors: { connector: string; tools: { name: string; title: string; about: string }[] }[] };
  const brought = connectors.flatMap(({ connector, tools }) => tools.map((one): Tool => ({ ...one, tool: `${connector}_${one.name}`, connection: connector })));
  const own = tools.filter((one) => one.connection === "");
  expect(own.length).toBeGreaterThan(50);
  const all = [...own, ...brought];
  expect(all.filter((one) => dutch.title(one.tool, one) === one.title).map((one) => one.tool), "no name").toEqual([]);
  expect(all.filter((one) => dutch.about(one) === one.about).map((one) => one.tool), "no word of what it does").toEqual([]);
  const lacking = new Set<string>();
  for (const { tool } of own) {
    const { input_schema: schema } = (await shop.call("get_tool", { tool })) as { input_schema: Schema };
    for (const [name, { description }] of fieldsOf(schema)) {
      if (!(name in labelsDutch)) lacking.add(`${tool}: ${name}`);
      if (description !== undefined && !(description in hintsDutch)) lacking.add(`${tool}: ${description}`);
    }
  }
  expect([...lacking]).toEqual([]);
});

/** The first argument of each call of `name` in a source, up to its comma. */
function firstArguments(source: string, name: string): string[] {
  return source.split(`${name}(`).slice(1).map((rest) => {
    let depth = 0;
    let at = 0;
    for (let quoted = false; at < rest.length; at++) {
      const one = rest[at]!;
      if (quoted && one === "\\") at++;
      else if (one === '"') quoted = !quoted;
      else if (!quoted && "([{".includes(one)) depth++;
      else if (!quoted && ")]}".includes(one)) depth--;
      else if (!quoted && depth === 0 && one === ",") break;
    }
    return rest.slice(0, at).replaceAll(/\s+/g, " ").trim();
  });
}

/** The text that an expression makes, with `{}` for what is put into it; null where it is made elsewhere. */
function textMade(expression: string): string | null {
  const formatted = /^fmt::format\("((?:[^"\\]|\\.)*)"/.exec(expression);
  const unquoted = (text: string) => text.replaceAll(/\\(.)/g, "$1");
  if (formatted) return unquoted(formatted[1]!);
  if (!expression.includes('"')) return null;
  return expression.split(/ \+ (?=")|(?<=") \+ /).map((part) => (part.startsWith('"') ? unquoted(part.slice(1, -1)) : "{}")).join("");
}

test("every change that a rehearsal tells of is told in Dutch", () => {
  const sources = readdirSync("../src", { recursive: true, encoding: "utf8" }).filter((name) => /(?<!_test)\.(cpp|h)$/.test(name));
  const told = sources.flatMap((name) => firstArguments(readFileSync(join("../src", name), "utf8"), "call.changes"));
  const texts = told.map(textMade).filter((text) => text !== null);
  expect(told.length).toBeGreaterThan(130);
  expect(told.length - texts.length, "those that are made elsewhere").toBeLessThan(10);
  const all = { ...effectsDutch, ...effectsOnTextDutch };
  const changes = phrasebook(all, (given) => given);
  expect(texts.filter((text) => changes(text.replaceAll("{}", "42")) === undefined)).toEqual([]);
  for (const phrase of Object.keys(all)) expect(changes(phrase.replaceAll("{}", "42"))?.phrase, "is not taken for another one").toBe(phrase);
  expect(dutch.change({ what: "status of voucher X1", before: "ACTIVE", after: "DEACTIVATED" })).toEqual({ what: "status van voucher X1", before: "actief", after: "uitgezet" });
  expect(dutch.change({ what: "name of tier Gold", before: "open", after: "left" }), "words of people stay").toEqual({ what: "naam van niveau Gold", before: "open", after: "left" });
});

test("what the server refuses is said in Dutch", async ({ shop }) => {
  const uuid = crypto.randomUUID();
  const shop_uuid = (await shop.call("list_shops")).shops[0].uuid;
  const contact = await shop.call("create_contact", { email: `${uuid}@example.com` });
  const asked: [string, object][] = [
    ["create_contact", {}], ["create_contact", { email: "nobody" }], ["create_contact", { email: 7 }], ["create_contact", { email: `${uuid}@example.com` }],
    ["get_contact", { contact_uuid: "x" }], ["get_contact", { contact_uuid: uuid }], ["get_contact", { contact_uuid: uuid, other: 1 }],
    ["list_contacts", { limit: 0 }], ["list_contacts", { limit: 1_000_000 }], ["list_contacts", { limit: "many" }], ["list_contacts", { sort: "up" }],
    ["update_contact", { contact_uuid: contact.uuid, attributes: { phonenumber: "x", birthdate: "y" } }],
    ["create_contact_attribute", { name: "a b", label: "A", data_type: "text" }], ["create_contact_attribute", { name: "ok", label: "A", data_type: "nothing" }],
    ["create_credit_reception", {}], ["create_reward_reception", { shop_uuid, contact_uuid: contact.uuid, reward_uuid: uuid }],
    ["create_credit_reception", { shop_uuid, contact_uuid: contact.uuid, credits: 1e12 }], ["create_credit_reception", { shop_uuid, contact_uuid: uuid, credits: 1 }],
    ["create_credit_reception", { shop_uuid, contact_uuid: contact.uuid, unit_value: 1, unit_name: uuid }],
    ["create_tier", { name: "", credits_required: -1, multiplier: "x" }], ["create_unit", { name: "purchase_amount", label: "" }], ["create_perk", { label: "" }],
    ["create_earning_rule", { name: "", credits_per_unit: -1 }], ["create_reward", { title: "", required_credits: 0 }],
    ["create_promotion", { name: "", description: "" }], ["create_voucher", { promotion_uuid: uuid }], ["create_vouchers_batch", { promotion_uuid: uuid, quantity: 501 }],
    ["find_voucher_by_code", { code: uuid }], ["redeem_voucher", { code: uuid }], ["find_giftcard", { hash: uuid }], ["create_giftcard_program", { name: "" }],
    ["create_booking", { contact_uuid: contact.uuid, starts_at: "soon" }], ["create_product", { name: "" }], ["find_product", { external_identifier: "" }],
    ["create_persona", { name: "" }], ["grant_tools", { persona_uuid: uuid, grants: [{ tool: "x" }] }], ["get_tool", { tool: "nothing" }],
    ["create_segment", { name: "", conditions: { field: "nothing" } }], ["create_segment", { name: uuid, conditions: { all: [{ field: "email", is: "near", value: "a" }] } }],
    ["create_mail_template", { name: "", subject: "", html: "{{ nothing }}" }], ["schedule_campaign", { segment_uuid: uuid }], ["get_campaign_metrics", {}],
    ["create_sequence", { name: "x", steps: [] }], ["create_form", { name: "" }], ["submit_form", { form_uuid: uuid, answers: {} }],
    ["create_flow", { name: "", definition: {} }], ["get_flow", { flow_uuid: uuid }], ["get_flow_run", { run_uuid: uuid }], ["install_flow_template", { template_name: "x" }],
    ["create_webhook_subscription", { name: "", url: "x", event_type: "nothing" }], ["get_webhook_subscription", { uuid }],
    ["create_account_token", { kind: "client", expires: "soon" }], ["create_account_token", { kind: "client", scopes: ["all"] }], ["set_user_role", { email: "a@b.nl", role: "king" }],
    ["change_password", { current: "no", next: "short" }], ["invite_user", { email: "x", role: "viewer" }], ["update_account_settings", { time_zone: "Mars", currency: "euro" }],
    ["create_connection", { connector: "x" }], ["create_connection", { connector: "slack" }], ["check_connection", { connection_uuid: uuid }],
    ["decide_approval", { approval_uuid: uuid, verdict: "perhaps" }], ["get_approval", { approval_uuid: uuid }], ["get_conversation", { conversation_uuid: uuid }],
    ["choose_plan", { plan: "x" }], ["set_brand", { colour: "red" }], ["set_brand", { colour: "#ffff00" }], ["get_audit_call", { call_uuid: uuid }], ["undo_call", { call_uuid: uuid }],
  ];
  const english = new Set<string>();
  let heard = 0;
  for (const [operation, input] of asked) {
    const refusal = await shop.refused(operation, input);
    const said = Object.values(refusal.errors ?? {}).flat();
    for (const text of said.length > 0 ? said : [refusal.message]) {
      heard++;
      if (dutch.say(text) === text) english.add(`${operation}: ${text}`);
    }
  }
  expect(heard).toBeGreaterThan(asked.length);
  expect([...english]).toEqual([]);
});

test("no text stands in two of the Dutch tables", () => {
  const texts = [hintsDutch, problemsDutch, refusalsDutch, shippedDutch].flatMap((table) => Object.keys(table));
  expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([]);
});

test("people hear of no operation and of no field as programs call them", () => {
  expect(plainly("The promotion_uuid field is required.")).toBe("The promotion field is required.");
  expect(plainly("The base_url must be an address.")).toBe("The base URL must be an address.");
  expect(plainly("The phonenumber must be a telephone number.")).toBe("This is not a telephone number.");
  expect(plainly("The persona has not been granted piggy_get_daily_summary; `grant` grants it, or grant_tools within limits."))
    .toBe("The persona may not use “Get daily summary” yet.");
  expect(plainly("The account is closed.")).toBe("The account is closed.");
  const changed = (what: string) => english.change({ what, before: 1, after: 2 }).what;
  expect(changed("number_of_people of the booking")).toBe("number of people of the booking");
  expect(changed("contact attribute shoe_size")).toBe("contact attribute shoe_size");
});

test("what no table knows stays as the server said it", () => {
  expect(dutch.say("Something that nobody has put into Dutch.")).toBe("Something that nobody has put into Dutch.");
  expect(dutch.title("hq_new_tool", { tool: "hq_new_tool", title: "New Tool (hq)", about: "", connection: "hq" })).toBe("New Tool (hq)");
  expect(dutch.title("gone_tool")).toBe("Gone tool");
  expect(dutch.title("slack_send_direct_message"), "not connected yet").toBe("Direct bericht sturen (slack)");
  expect(dutch.title("hq_list_perks", { tool: "hq_list_perks", title: "List Perks (hq)", about: "", connection: "hq" })).toBe("Voordelen bekijken (hq)");
  expect(dutch.say("The persona Mara has no grant for Create Credit Reception.")).toBe("Mara heeft de tool Punten bij- of afschrijven niet.");
});

test("the Dutch of what the server says is fetched by those alone who read Dutch", async ({ page, shop }) => {
  await shop.call("get_session");
  const fetched: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("server_nl")) fetched.push(request.url());
  });
  await page.goto("/integrations/built-in");
  await expect(page.getByRole("link", { name: "Get Contact's Credit Balance" })).toBeVisible();
  expect(fetched).toEqual([]);
  await page.evaluate(() => localStorage.setItem("language", "nl"));
  await page.reload();
  await expect(page.getByRole("link", { name: "Puntensaldo van een contact bekijken" })).toBeVisible();
  expect(fetched.length).toBe(1);
});

test.describe("without the Dutch of what the server says", () => {
  test.use({ allowed: [/Failed to load resource.*server_nl|server_nl.*Failed to load resource/] });

  test("the page is Dutch, and the server is heard as it is", async ({ page, shop }) => {
    await shop.call("get_session");
    await page.addInitScript(() => localStorage.setItem("language", "nl"));
    await page.route("**/server_nl*", (route) => route.abort());
    await page.goto("/integrations/built-in");
    await expect(page.getByRole("heading", { name: "Piggy, ingebouwd" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Get Contact's Credit Balance" })).toBeVisible();
  });
});
