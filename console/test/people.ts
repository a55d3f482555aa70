// Others than the owner: made by the program itself, since nobody else may make people.

import { execFileSync } from "node:child_process";

import type { Page } from "@playwright/test";

import { Shop } from "./base";

const program = process.env["PIGGY_PROGRAM"] ?? "../build/release/piggy";

/** Signs somebody new in, instead of the owner. */
export async function enter(page: Page, role: "marketer" | "auditor" | "viewer"): Promise<Shop> {
  const who = { email: `${role}-${crypto.randomUUID()}@example.com`, password: "a long enough password" };
  execFileSync(program, ["user", "create", "--data", process.env["PIGGY_DATA"]!, "--account", "demo", "--email", who.email, "--role", role],
               { input: `${who.password}\n` });
  await page.context().clearCookies();
  return Shop.open(page.request, who);
}
