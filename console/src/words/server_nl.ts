// What the server says, in Dutch.

import { effectsDutch, effectsOnTextDutch, statesDutch } from "./effect_nl";
import { operationsDutch } from "./operation_nl";
import { hintsDutch, labelsDutch } from "./parameter_nl";
import { phrasebook } from "./phrases";
import { problemsDutch } from "./problem_nl";
import { readable } from "./readable";
import { refusalsDutch } from "./refusal_nl";
import { shortName, type Server, type Tool } from "./server";
import { shippedDutch } from "./shipped_nl";
import { connectionToolsDutch, neededToolsDutch, toolsDutch } from "./tool_nl";

/** The operation of a connection's tool ("hq_list_perks"), or of our own. */
function operationOf(tool: string, info: Tool): string {
  const prefix = info.connection ? `${info.connection}_` : "";
  return prefix !== "" && tool.startsWith(prefix) ? tool.slice(prefix.length) : shortName(tool);
}

/** Tools that come by a connection are called "List Perks (hq)" where personas see them. */
const brought = /^(.*?)( \([^()]*\))?$/s;

function titled(title: string): string | undefined {
  const [, name = title, by = ""] = brought.exec(title) ?? [];
  const operation = name.toLowerCase().replace("'s", "").replace("gift card", "giftcard").replaceAll(/[^a-z]+/g, "_");
  const dutch = connectionToolsDutch[name]?.title ?? operationsDutch[operation];
  return dutch === undefined ? undefined : dutch + by;
}

/** A tool of a connection that is not there is known by its name alone: "slack_send_message". A handle has no underscore. */
function named(tool: string): string | undefined {
  const [, handle, name = ""] = /^([a-z][a-z0-9]*)_(\w+)$/.exec(tool) ?? [];
  const dutch = neededToolsDutch[name] ?? operationsDutch[name];
  return operationsDutch[shortName(tool)] ?? (dutch === undefined ? undefined : `${dutch} (${handle})`);
}

function label(name: string): string {
  return labelsDutch[name] ?? readable(name);
}

function filled(given: string, mark: string): string {
  if (mark === "!") return said(given)?.said ?? state(given)?.said ?? said(readable(given))?.said ?? titled(given) ?? named(given) ?? given;
  return mark === "?" ? label(given).toLowerCase() : given;
}

const said = phrasebook({ ...shippedDutch, ...hintsDutch, ...problemsDutch, ...refusalsDutch }, filled);
const state = phrasebook(statesDutch, filled);
const effect = phrasebook({ ...effectsDutch, ...effectsOnTextDutch }, filled);

export const server: Server = {
  title: (tool, info) => {
    if (!info) return named(tool) ?? readable(shortName(tool));
    const [, name = "", by = ""] = brought.exec(info.title) ?? [];
    const dutch = (info.connection ? connectionToolsDutch[name]?.title : undefined) ?? operationsDutch[operationOf(tool, info)];
    return dutch === undefined ? info.title || readable(shortName(tool)) : dutch + by;
  },
  about: (info) => {
    const [, name = ""] = brought.exec(info.title) ?? [];
    return (info.connection ? connectionToolsDutch[name]?.about : undefined) ?? toolsDutch[operationOf(info.tool, info)] ?? info.about;
  },
  label,
  say: (text) => said(text)?.said ?? text,
  change: (line) => {
    const found = effect(line.what);
    if (!found) return line;
    if (found.phrase in effectsOnTextDutch) return { ...line, what: found.said };
    const stateOf = (value: unknown) => (typeof value === "string" ? state(value)?.said ?? value : value);
    return { what: found.said, before: stateOf(line.before), after: stateOf(line.after) };
  },
};
