// Others than the demo's owner. They are made by the program's own command, as the owner of the data.

import { execFileSync } from "node:child_process";

import type { Page } from "@playwright/test";

import { Shop } from "./base";

const program = process.env["PIGGY_PROGRAM"] ?? "../build/release/piggy";
const password = "long enough to be kept";

/** A command of the program, on the data of the one that runs. */
export function command(...words: string[]): string {
  return execFileSync(program, [...words, "--data", process.env["PIGGY_DATA"]!], { input: `${password}\n`, encoding: "utf8" });
}

/** Makes somebody of this role, and signs the page in as them. */
export async function signInAs(page: Page, role: "marketer" | "auditor" | "viewer"): Promise<{ email: string; password: string; shop: Shop }> {
  const email = `${role}-${crypto.randomUUID().slice(0, 8)}@example.com`;
  command("user", "create", "--account", "demo", "--email", email, "--role", role);
  await page.context().clearCookies();
  return { email, password, shop: await Shop.open(page.request, { email, password }) };
}
