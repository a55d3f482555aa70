// The conditions of a segment as a tree: groups of all, any and not, and leaves that ask for one thing.

export type Data = Record<string, unknown>;
export type Family = "text" | "choice" | "several" | "number" | "moment" | "flag" | "count";
export type GroupKind = "all" | "any" | "not";

export const fields = [
  "email", "email_domain", "channel", "anonymous", "created_at", "updated_at", "balance", "tier", "transactions", "received_credits",
  "first_transaction_at", "last_transaction_at", "shop", "vouchers", "visits", "subscription", "activity", "lead_score", "lead_temperature",
  "segment", "random",
] as const;
export type FieldName = (typeof fields)[number];

export const fieldGroups: Record<"person" | "loyalty" | "doings" | "other", readonly FieldName[]> = {
  person: ["email", "email_domain", "channel", "anonymous", "created_at", "updated_at"],
  loyalty: ["balance", "tier", "transactions", "received_credits", "first_transaction_at", "last_transaction_at", "shop", "vouchers", "visits"],
  doings: ["subscription", "activity", "lead_score", "lead_temperature"],
  other: ["segment", "random"],
};

const families: Record<FieldName, Family> = {
  email: "text", email_domain: "text", channel: "choice", anonymous: "flag", created_at: "moment", updated_at: "moment", balance: "number", tier: "choice",
  transactions: "number", received_credits: "number", first_transaction_at: "moment", last_transaction_at: "moment", shop: "several", vouchers: "count",
  visits: "count", subscription: "choice", activity: "count", lead_score: "number", lead_temperature: "choice", segment: "choice", random: "number",
};

const numbers = ["at_least", "at_most", "more_than", "less_than", "equals", "not_equals", "between"];
const tests: Record<Family, string[]> = {
  text: ["contains", "not_contains", "equals", "not_equals", "begins_with", "in", "not_in", "is_set", "is_not_set"],
  choice: ["equals", "not_equals", "in", "not_in", "is_set", "is_not_set"],
  several: ["includes", "not_includes", "is_set", "is_not_set"],
  number: [...numbers, "is_set", "is_not_set"],
  count: numbers,
  moment: ["within_days", "not_within_days", "before", "after", "is_set", "is_not_set"],
  flag: ["equals", "is_set", "is_not_set"],
};

export function isField(name: string): name is FieldName {
  return (fields as readonly string[]).includes(name);
}

/** The family of a contact's attribute, by its type. */
export function familyOfType(type: string): Family {
  if (type === "number" || type === "float") return "number";
  if (type === "boolean") return "flag";
  if (type === "select") return "choice";
  if (type === "multi_select") return "several";
  return type === "date" || type === "date_time" || type === "birth_date" ? "moment" : "text";
}

export function familyOf(field: string, attributes: { name: string; type: string }[]): Family {
  if (isField(field)) return families[field];
  const attribute = attributes.find((one) => `attribute.${one.name}` === field);
  return attribute ? familyOfType(attribute.type) : "text";
}

export function testsOf(field: string, family: Family): string[] {
  const all = tests[family];
  return field === "subscription" || field === "segment" || field === "random" ? all.filter((one) => !one.endsWith("_set")) : all;
}

const values: Record<Family, unknown> = { text: "", choice: "", several: [], number: 0, count: 1, moment: 30, flag: true };

export function newLeaf(field: string, family: Family): Data {
  const extra = field === "activity" ? { kind: "mail_opened" } : field === "vouchers" ? { state: "redeemable" } : field === "random" ? { salt: "a" } : {};
  const value = field === "subscription" ? "SUBSCRIBED" : field === "lead_temperature" ? "hot" : values[family];
  return { field, is: testsOf(field, family)[0]!, value, ...extra };
}

/** A leaf with another test, and a value of the kind that the test compares with. */
export function withTest(leaf: Data, test: string, family: Family): Data {
  const { value, ...others } = leaf;
  if (test.endsWith("is_set") || test === "is_not_set") return { ...others, is: test };
  const list = test === "in" || test === "not_in";
  const between = test === "between";
  const wasDays = String(leaf["is"]).endsWith("within_days");
  const days = test.endsWith("within_days");
  let next: unknown = value ?? values[family];
  if (list && !Array.isArray(next)) next = next === "" ? [] : [next];
  if (between) next = Array.isArray(next) ? next : [next, next];
  if (!list && !between && family !== "several" && Array.isArray(next)) next = next[0] ?? values[family];
  if (family === "moment" && days !== wasDays) next = days ? 30 : new Date().toISOString().slice(0, 10);
  return { ...others, is: test, value: next };
}

export function groupOf(node: unknown): { kind: GroupKind; parts: unknown[] } | null {
  const data = dataOf(node);
  for (const kind of ["all", "any"] as const) if (Array.isArray(data[kind])) return { kind, parts: data[kind] };
  return "not" in data ? { kind: "not", parts: [data["not"]] } : null;
}

/** A group of another kind with the same parts; `not` is of one, so that several become a group within it. */
export function withKind(kind: GroupKind, parts: unknown[]): Data {
  if (kind !== "not") return { [kind]: parts };
  return { not: parts.length === 1 ? parts[0] : { all: parts } };
}

export function dataOf(value: unknown): Data {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Data) : {};
}

/** What is written in a list of numbers and words. */
export function wordsOf(text: string): string[] {
  return text.split(",").map((one) => one.trim()).filter((one) => one !== "");
}
