// Somebody who may look at everything and change nothing. People are let in on the machine alone.

import { execFileSync } from "node:child_process";

const program = process.env["PIGGY_PROGRAM"] ?? "../build/release/piggy";

export function makeViewer(): { email: string; password: string } {
  const email = `viewer-${crypto.randomUUID()}@example.com`;
  const password = crypto.randomUUID();
  const input = { account: "demo", email, password, role: "viewer" };
  execFileSync(program, ["call", "create_user", JSON.stringify(input), "--data", process.env["PIGGY_DATA"]!]);
  return { email, password };
}
