// An import under way. It goes on while other pages are shown, and after a reload where it was: the
// contacts lie in the browser's database, and each part is sent under a key of its own, so that it
// counts once. The server works a part off by a job; its last contact shows when that is done.

import { useSyncExternalStore } from "react";

import { PiggyError, piggy } from "~/api/client";
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
let run: ImportRun | null = null;
let going = false;
const listeners = new Set<() => void>();

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
  run = next;
  if (next) localStorage.setItem(key, JSON.stringify(next));
  else localStorage.removeItem(key);
  for (const listener of listeners) listener();
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
    const contacts = await inStore("readonly", (store) => store.get(run?.id ?? "") as IDBRequest<ImportedContact[] | undefined>) ?? [];
    while (run && run.sent < contacts.length) {
      const { id, sent } = run;
      const chunk = contacts.slice(sent, sent + chunkSize);
      const last = chunk[chunk.length - 1]!.email;
      const before = await stampOf(last);
      await piggy.call("import_contacts", { contacts: chunk }, { idempotencyKey: `${id}-${sent}` });
      if (run?.id !== id) return;
      become({ ...run, sent: sent + chunk.length, parts: [...run.parts, { email: last, before, count: chunk.length }] });
    }
    while (run && run.done < run.parts.length) {
      const part = run.parts[run.done]!;
      const now = await stampOf(part.email);
      if (now !== null && now !== part.before) become({ ...run, done: run.done + 1 });
      else await rest(1_500);
    }
  } catch (error) {
    if (run) become({ ...run, problem: error instanceof Error ? error.message : String(error) });
  } finally {
    going = false;
  }
}

export async function startImport(file: string, account: string, contacts: ImportedContact[]) {
  const id = crypto.randomUUID();
  await inStore("readwrite", (store) => store.put(contacts, id));
  become({ id, file, account, total: contacts.length, sent: 0, parts: [], done: 0 });
  void go();
}

export function retryImport() {
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
  if (run) return;
  const kept = localStorage.getItem(key);
  if (!kept) return;
  const found = JSON.parse(kept) as ImportRun;
  if (found.account !== account) return;
  const { problem: _, ...others } = found;
  become(others);
  void go();
}

export function useImportRun(): ImportRun | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => run);
}

/** How many contacts are surely in. */
export function importedCount(of: ImportRun): number {
  return of.parts.slice(0, of.done).reduce((sum, part) => sum + part.count, 0);
}
