// What the program has mailed: without a mail server it keeps each mail as a file.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** What was mailed to an address last, as text. */
export function newestMailTo(address: string): string {
  const outbox = join(process.env["PIGGY_DATA"]!, "outbox");
  const mails = readdirSync(outbox).map((name) => join(outbox, name)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
    .map((file) => readFileSync(file, "utf8").replaceAll("=\r\n", "").replaceAll("=3D", "="));
  return mails.find((mail) => mail.includes(`To: ${address}`) || mail.includes(`To: <${address}>`)) ?? "";
}
