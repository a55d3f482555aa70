import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "@playwright/test";
import { parseSync } from "vite";

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
