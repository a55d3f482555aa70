// What the server says is English: names of tools and of what they take, problems, changes. Here it is said in the
// language of who reads it. The tables of another language are fetched by those alone who read it; what they do not
// hold stays as the server said it.

import { store } from "../api/store";
import { plainly } from "./plain_en";
import { readable } from "./readable";
import { firstLanguage, useLanguage, type Language } from "./words";

export interface Tool {
  tool: string;
  title: string;
  about: string;
  /** The handle of the connection that brings it; empty for Piggy's own. */
  connection: string;
}

export interface Change {
  what: string;
  before: unknown;
  after: unknown;
}

export interface Server {
  /** What a tool or an operation is called; `info` is missing for what is gone or may not be seen. */
  title: (tool: string, info?: Tool) => string;
  /** What it does, in a line or two. */
  about: (info: Tool) => string;
  /** A field, by its name. */
  label: (name: string) => string;
  /** A problem, a refusal, or a text that Piggy ships. */
  say: (text: string) => string;
  change: (line: Change) => Change;
}

const own = "piggy_";

/** Conversations and approvals call Piggy's own tools by their short names. */
export function shortName(tool: string): string {
  return tool.startsWith(own) ? tool.slice(own.length) : tool;
}

export const english: Server = {
  title: (tool, info) => info?.title || readable(shortName(tool)).replaceAll(/(?<= )[a-z]/g, (letter) => letter.toUpperCase()),
  about: (info) => info.about,
  label: readable,
  say: plainly,
  change: (line) => ({ ...line, what: line.what.replace(/^[a-z]+(_[a-z]+)+(?= of )/, (name) => name.replaceAll("_", " ")) }),
};

const others: { [Other in Language]?: () => Promise<{ server: Server }> } = { nl: () => import("./server_nl") };
const known = store<{ [Known in Language]?: Server }>({ en: english });

/** Fetches what a language needs. Without it, what the server says stays English. */
export async function learn(language: Language) {
  if (known.get()[language]) return;
  try {
    const learnt = await others[language]?.();
    if (learnt) known.set({ ...known.get(), [language]: learnt.server });
  } catch {
    // The server is gone; it is fetched when the page is next loaded.
  }
}

/** For what is said outside of components. */
export function serverIn(language: Language = firstLanguage()): Server {
  return known.get()[language] ?? english;
}

export function useServer(): Server {
  const language = useLanguage();
  return known.use()[language] ?? english;
}
