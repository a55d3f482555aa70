// A flow's definition as a tree of steps. It is read as it stands, also while it is being written and
// is not right yet: what is wrong with it, check_flow says.

import type { IconName } from "~/ui/icon";
import type { Tone } from "~/ui/page";

export const kinds = ["call", "ask", "set", "branch", "choose", "for_each", "wait", "wait_for", "approve", "flow", "stop"] as const;
export type Kind = (typeof kinds)[number];
export type Path = readonly (string | number)[];
export type Data = Record<string, unknown>;

export interface Lane {
  name: "then" | "else" | "case" | "otherwise" | "each";
  /** The value of a case. */
  value?: unknown;
  path: Path;
  steps: Step[];
}

export interface Step {
  id: string;
  title: string;
  when: string;
  kind: Kind | null;
  path: Path;
  /** All that is said of it. */
  body: Data;
  /** What is said of its kind. */
  given: unknown;
  lanes: Lane[];
}

export const kindIcons: Record<Kind, IconName> = {
  call: "tool", ask: "persona", set: "edit", branch: "split", choose: "split", for_each: "retry", wait: "clock",
  wait_for: "mail", approve: "approval", flow: "flow", stop: "stop",
};
export const kindTones: Record<Kind, Tone> = {
  call: "pink", ask: "info", set: "plain", branch: "plain", choose: "plain", for_each: "plain", wait: "warn",
  wait_for: "warn", approve: "warn", flow: "good", stop: "bad",
};

export function dataOf(value: unknown): Data {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Data) : {};
}
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
export function textOf(value: unknown): string {
  return value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
}

function lanesOf(kind: Kind | null, given: Data, path: Path): Lane[] {
  const lane = (name: Lane["name"], below: Path, steps: unknown, value?: unknown): Lane => {
    const whole = [...path, ...below];
    return { name, path: whole, steps: stepsOf(steps, whole), ...(name === "case" ? { value } : {}) };
  };
  if (kind === "branch") return [lane("then", ["branch", "then"], given["then"]), lane("else", ["branch", "else"], given["else"])];
  if (kind === "for_each") return [lane("each", ["for_each", "steps"], given["steps"])];
  if (kind !== "choose") return [];
  return [
    ...listOf(given["cases"]).map((one, at) =>
      lane("case", ["choose", "cases", at, "steps"], dataOf(one)["steps"], dataOf(one)["is"])),
    lane("otherwise", ["choose", "otherwise"], given["otherwise"]),
  ];
}

export function stepsOf(value: unknown, path: Path): Step[] {
  return listOf(value).map((one, at) => {
    const body = dataOf(one);
    const here = [...path, at];
    const kind = kinds.find((name) => name in body) ?? null;
    const given = kind ? body[kind] : undefined;
    return {
      id: textOf(body["id"]), title: textOf(body["title"]), when: textOf(body["when"]), kind, path: here, body, given,
      lanes: lanesOf(kind, dataOf(given), here),
    };
  });
}

export function treeOf(definition: unknown): Step[] {
  return stepsOf(dataOf(definition)["steps"], ["steps"]);
}

/** In the order in which they stand, those within others included. */
export function allSteps(steps: Step[]): Step[] {
  return steps.flatMap((step) => [step, ...step.lanes.flatMap((lane) => allSteps(lane.steps))]);
}

export function samePath(one: Path | null, other: Path | null): boolean {
  return one !== null && other !== null && one.join("/") === other.join("/");
}
export function pointerOf(path: Path): string {
  return path.map((part) => `/${part}`).join("");
}

/** The step that a problem is about, and where within it: "/steps/2/call/tool" is the step and "call/tool". */
export function placeOf(pointer: string, steps: Step[]): { step: Step; below: string } | null {
  let found: { step: Step; below: string } | null = null;
  for (const step of allSteps(steps)) {
    const own = pointerOf(step.path);
    if ((pointer === own || pointer.startsWith(`${own}/`)) && (!found || step.path.length > found.step.path.length)) {
      found = { step, below: pointer.slice(own.length + 1) };
    }
  }
  return found;
}

// Changes
// -----------------------------------------------------------------------------------------------

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, part) => (typeof part === "number" ? listOf(at)[part] : dataOf(at)[part]), value);
}

/** The same with another value at a place; `undefined` takes it away. What is missing on the way is made. */
export function withAt(value: unknown, path: Path, next: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return next;
  if (typeof part === "number") {
    const list = [...listOf(value)];
    list[part] = withAt(list[part], rest, next);
    return list;
  }
  const { [part]: old, ...others } = dataOf(value);
  const made = withAt(old, rest, next);
  if (made === undefined) return others;
  // In its old place, so that the text does not jump.
  return part in dataOf(value) ? { ...dataOf(value), [part]: made } : { ...others, [part]: made };
}

export function withInserted(definition: unknown, lane: Path, at: number, step: Data): unknown {
  return withAt(definition, lane, listOf(valueAt(definition, lane)).toSpliced(at, 0, step));
}

function split(path: Path): { lane: Path; at: number } {
  return { lane: path.slice(0, -1), at: Number(path.at(-1)) };
}

export function withRemoved(definition: unknown, path: Path): unknown {
  const { lane, at } = split(path);
  return withAt(definition, lane, listOf(valueAt(definition, lane)).toSpliced(at, 1));
}

/** Up or down among its neighbours; the path where it is then. */
export function withMoved(definition: unknown, path: Path, by: -1 | 1): { definition: unknown; path: Path } | null {
  const { lane, at } = split(path);
  const list = listOf(valueAt(definition, lane));
  if (at + by < 0 || at + by >= list.length) return null;
  const moved = list.toSpliced(at, 1).toSpliced(at + by, 0, list[at]);
  return { definition: withAt(definition, lane, moved), path: [...lane, at + by] };
}

const fresh: Record<Kind, unknown> = {
  call: { tool: "" },
  ask: { prompt: "", or_else: "" },
  set: {},
  branch: { if: "true", then: [], else: [] },
  choose: { on: "", cases: [{ is: "", steps: [] }], otherwise: [] },
  for_each: { in: "{}", as: "item", steps: [] },
  wait: { span: { hours: 1 } },
  wait_for: { event: "form_submission_completed", timeout: { days: 1 } },
  approve: { question: "" },
  flow: { flow: "" },
  stop: { reason: "" },
};

/** A new step with an id that no other has. */
export function newStep(kind: Kind, steps: Step[]): Data {
  const taken = new Set(allSteps(steps).map((step) => step.id));
  let id: string = kind;
  for (let count = 2; taken.has(id); count++) id = `${kind}_${count}`;
  return { id, [kind]: fresh[kind] };
}
