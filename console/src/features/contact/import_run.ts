// An import under way. It goes on while other pages are shown, and after a reload where it was: the
// contacts lie in the browser's database, and each part is sent under a key of its own, so that it
// counts once. The server works a part off by a job; its last contact shows when that is done.

import { PiggyError, piggy } from "~/api/client";
import { messageOf, newKey } from "~/api/hooks";
import { store } from "~/api/store";
import { attributeOf } from "./contact";
import { chunkSize, type ImportedContact } from "./import_rows";

export interface ImportRun {
  id: string;
  file: string;
  account: string;
  total: number;
  sent: number;
  /** Parts that were sent: by whom one sees that it is done, and how that contact was before. */
  parts: { email: string; before: string | null; count: number }[];
  /** How many parts are done. */
  done: number;
  problem?: string;
}

const key = "contact-import";
const current = store<ImportRun | null>(null);
export const useImportRun = current.use;
let going = false;

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("piggy-import", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("contacts");
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error ?? new Error("The browser keeps no data."));
  });
}

async function inStore<Result>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<Result>): Promise<Result> {
  const opened = await database();
  try {
    return await new Promise((resolve, reject) => {
      const asked = act(opened.transaction("contacts", mode).objectStore("contacts"));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error ?? new Error("The browser keeps no data."));
    });
  } finally {
    opened.close();
  }
}

function become(next: ImportRun | null) {
  if (next) localStorage.setItem(key, JSON.stringify(next));
  else localStorage.removeItem(key);
  current.set(next);
}

async function stampOf(email: string): Promise<string | null> {
  try {
    return attributeOf(await piggy.call("find_contact", { email }), "updated_at");
  } catch (error) {
    if (error instanceof PiggyError && error.status === 404) return null;
    throw error;
  }
}

const rest = (milliseconds: number) => new Promise((resolve) => window.setTimeout(resolve, milliseconds));

async function go() {
  if (going) return;
  going = true;
  try {
    const contacts = await inStore("readonly", (kept) => kept.get(current.get()?.id ?? "") as IDBRequest<ImportedContact[] | undefined>) ?? [];
    for (let run = current.get(); run && run.sent < contacts.length; run = current.get()) {
      const { id, sent } = run;
      const chunk = contacts.slice(sent, sent + chunkSize);
      const last = chunk[chunk.length - 1]!.email;
      const before = await stampOf(last);
      await piggy.call("import_contacts", { contacts: chunk }, { idempotencyKey: `${id}-${sent}` });
      const now = current.get();
      if (now?.id !== id) return;
      become({ ...now, sent: sent + chunk.length, parts: [...now.parts, { email: last, before, count: chunk.length }] });
    }
    for (let run = current.get(); run && run.done < run.parts.length; run = current.get()) {
      const part = run.parts[run.done]!;
      const now = await stampOf(part.email);
      if (now !== null && now !== part.before) become({ ...run, done: run.done + 1 });
      else await rest(1_500);
    }
  } catch (error) {
    const run = current.get();
    if (run) become({ ...run, problem: messageOf(error) });
  } finally {
    going = false;
  }
}

export async function startImport(file: string, account: string, contacts: ImportedContact[]) {
  const id = newKey();
  await inStore("readwrite", (store) => store.put(contacts, id));
  become({ id, file, account, total: contacts.length, sent: 0, parts: [], done: 0 });
  void go();
}

export function retryImport() {
  const run = current.get();
  if (!run) return;
  const { problem: _, ...others } = run;
  become(others);
  void go();
}

/** It is done, or nobody cares any longer; what was sent stays sent. */
export function forgetImport() {
  void inStore("readwrite", (store) => store.clear());
  become(null);
}

/** After a reload: what was under way in this account goes on. */
export function resumeImport(account: string) {
  if (current.get()) return;
  const kept = localStorage.getItem(key);
  if (!kept) return;
  const found = JSON.parse(kept) as ImportRun;
  if (found.account !== account) return;
  const { problem: _, ...others } = found;
  become(others);
  void go();
}

/** How many contacts are surely in. */
export function importedCount(of: ImportRun): number {
  return of.parts.slice(0, of.done).reduce((sum, part) => sum + part.count, 0);
}
