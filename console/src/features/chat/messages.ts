// What was said and done, as it comes from the server, put together for showing.

import type { OutputOf } from "~/api/client";

export type Message = OutputOf<"get_conversation">["messages"][number];
type Outcome = "done" | "refused" | "rehearsed" | "waiting" | "replayed";

export type Item =
  | { kind: "person"; id: number; message: Message; last: boolean }
  | { kind: "persona"; id: number; message: Message; last: boolean }
  | { kind: "call"; id: number; call: Message | null; result: Message | null };

function field(content: unknown, name: string): unknown {
  return content && typeof content === "object" ? (content as Record<string, unknown>)[name] : undefined;
}

export function textIn(message: Message | null, name: string): string {
  const value = field(message?.content, name);
  return typeof value === "string" ? value : "";
}

export function numberIn(message: Message | null, name: string): number | null {
  const value = field(message?.content, name);
  return typeof value === "number" ? value : null;
}

export function valueIn(message: Message | null, name: string): unknown {
  return field(message?.content, name);
}

const outcomes: readonly string[] = ["done", "refused", "rehearsed", "waiting", "replayed"] satisfies Outcome[];

export function outcomeOf(result: Message | null): Outcome | null {
  const outcome = textIn(result, "outcome");
  return outcomes.includes(outcome) ? (outcome as Outcome) : null;
}

export interface Choice {
  label: string;
}

/** What a question of the interpreter offers. */
export function choicesOf(message: Message): Choice[] {
  const choices = valueIn(message, "choices");
  return Array.isArray(choices) ? choices.map((one: unknown) => ({ label: String(field(one, "label") ?? "") })) : [];
}

/** Whether the persona's turn goes on after this: it has called tools, or another server goes on for it. */
function goesOn(message: Message): boolean {
  if (message.kind !== "persona") return true;
  const calls = valueIn(message, "calls");
  return (Array.isArray(calls) && calls.length > 0) || textIn(message, "cut_off") !== "";
}

/** Whose turn it is, by what was said last. */
export function isThinking(messages: Message[]): boolean {
  const last = messages.at(-1);
  return last !== undefined && goesOn(last);
}

/**
 * Calls with how they ended, and what was said. What a persona only repeats of a refusal is left out:
 * the call's card says it.
 */
export function itemsOf(messages: Message[]): Item[] {
  const items: Item[] = [];
  const open: (Item & { kind: "call" })[] = [];
  let error = "";
  for (const message of messages) {
    if (message.kind === "call") {
      const item: Item & { kind: "call" } = { kind: "call", id: message.id, call: message, result: null };
      items.push(item);
      open.push(item);
      continue;
    }
    if (message.kind === "result") {
      const id = textIn(message, "call_id");
      const at = open.findIndex((one) => one.call?.text === message.text && (!id || textIn(one.call, "call_id") === id));
      error = textIn(message, "error");
      if (at < 0) items.push({ kind: "call", id: message.id, call: null, result: message });
      else open.splice(at, 1)[0]!.result = message;
      continue;
    }
    const repeats = message.kind === "persona" && (message.text === "" || (error !== "" && message.text === error));
    if (!repeats) items.push({ kind: message.kind, id: message.id, message, last: false });
    error = "";
  }
  const said = items.findLast((one) => one.kind === "persona");
  const asked = items.findLast((one) => one.kind === "person");
  if (said?.kind === "persona" && said === items.at(-1)) said.last = true;
  if (asked?.kind === "person") asked.last = true;
  return items;
}
