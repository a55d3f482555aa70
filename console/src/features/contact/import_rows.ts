// Out of the rows of a file, the contacts to import, and what is wrong with the others. The server says
// whether values are right: what it would refuse is asked of it before anything is sent.

import { PiggyError, piggy, type InputOf } from "~/api/client";
import type { AttributeDefinition } from "./contact";
import { isReadOnly } from "./contact";
import type { CsvTable } from "./parse_csv";

export type ImportedContact = InputOf<"import_contacts">["contacts"][number];

/** What a column is: left out, the address, or an attribute by its name. */
export type Mapping = (string | null)[];

/** As the file counts: the row of names is 1. */
export interface RowProblem {
  row: number;
  what: string;
  /** Which attribute, where the server says it. */
  field?: string;
}

export interface ReadRow {
  row: number;
  contact: ImportedContact;
}

export const chunkSize = 500; // The server takes 1,000 at once.

const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
const addresses = ["email", "emailaddress", "mail", "emailadres"];

export function guessMapping(names: string[], attributes: AttributeDefinition[]): Mapping {
  const taken = new Set<string>();
  return names.map((name) => {
    const wanted = plain(name);
    if (wanted === "") return null;
    const found = addresses.includes(wanted) ? "email"
      : attributes.find((one) => !isReadOnly(one) && (plain(one.name) === wanted || plain(one.label) === wanted))?.name;
    if (!found || taken.has(found)) return null;
    taken.add(found);
    return found;
  });
}

export function readRows(table: CsvTable, mapping: Mapping, said: { noEmail: string; twice: (row: number) => string }) {
  const rows: ReadRow[] = [];
  const problems: RowProblem[] = [];
  const seen = new Map<string, number>();
  const emailAt = mapping.indexOf("email");
  table.rows.forEach((cells, at) => {
    const row = at + 2;
    const email = (cells[emailAt] ?? "").trim();
    if (email === "") return problems.push({ row, what: said.noEmail });
    const before = seen.get(email.toLowerCase());
    if (before !== undefined) return problems.push({ row, what: said.twice(before) });
    seen.set(email.toLowerCase(), row);
    const custom_attributes = mapping.flatMap((name, column) => {
      const value = (cells[column] ?? "").trim();
      return name && name !== "email" && value !== "" ? [{ name, value }] : [];
    });
    return rows.push({ row, contact: { email, custom_attributes } });
  });
  return { rows, problems };
}

/** What the server would refuse, row by row; the others. */
export async function checkRows(rows: ReadRow[], onProgress: (done: number) => void, signal: AbortSignal) {
  const good: ReadRow[] = [];
  const problems: RowProblem[] = [];
  for (let at = 0; at < rows.length; at += chunkSize) {
    let chunk = rows.slice(at, at + chunkSize);
    // Some problems are seen only once others are gone: asked until nothing is left to say.
    for (let found = chunk.length > 0 ? await refused(chunk, signal) : []; found.length > 0;
         found = chunk.length > 0 ? await refused(chunk, signal) : []) {
      problems.push(...found);
      const bad = new Set(found.map((one) => one.row));
      chunk = chunk.filter((one) => !bad.has(one.row));
    }
    good.push(...chunk);
    onProgress(Math.min(at + chunkSize, rows.length));
  }
  return { good, problems };
}

async function refused(chunk: ReadRow[], signal: AbortSignal): Promise<RowProblem[]> {
  try {
    await piggy.rehearse("import_contacts", { contacts: chunk.map((one) => one.contact) }, { signal });
    return [];
  } catch (error) {
    const named = error instanceof PiggyError ? Object.entries(error.errors) : [];
    if (named.length === 0) throw error;
    return named.map(([path, what]) => {
      const one = chunk[Number(/^contacts\.(\d+)\./.exec(path)?.[1])];
      if (!one) throw error;
      return { row: one.row, what: what.join(" "), field: path.split(".").at(-1)! };
    });
  }
}
