// What a flow's trigger and steps do, in a line.

import type { flow } from "~/words/flow";
import { readable } from "~/words/readable";
import { serverIn, type Server } from "~/words/server";
import { dataOf, listOf, textOf, type Data, type Lane, type Step } from "./model";
import { recurrenceOf, weekdays, type Recurrence } from "./schedule";

export type FlowWords = (typeof flow)["en"];

export function toolName(tool: string, server: Server): string {
  return server.title(tool.replace(/\$\{\{\s*parameters\.(\w+)\s*\}\}/, "$1"));
}

export function titleOf(step: Step, w: FlowWords): string {
  return serverIn().say(step.title) || readable(step.id) || (step.kind ? w.kinds[step.kind] : w.noKind);
}

/** An expression without its braces. */
export function bare(text: string): string {
  return text.replace(/^\$\{\{\s*(.*?)\s*\}\}$/s, "$1");
}

export function spanInWords(span: unknown, w: FlowWords): string {
  const given = dataOf(span);
  return (["days", "hours", "minutes", "seconds"] as const)
    .filter((unit) => given[unit] !== undefined)
    .map((unit) => w.spans[unit](textOf(given[unit]))).join(", ");
}

export function weekdayNames(language: string): Record<string, string> {
  const name = new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" });
  return Object.fromEntries(weekdays.map((day, at) => [day, name.format(Date.UTC(2024, 0, 1 + at))]));
}

export function recurrenceInWords(of: Recurrence, w: FlowWords, language: string): string {
  const list = new Intl.ListFormat(language, { type: "conjunction" });
  const names = weekdayNames(language);
  const on = [
    of.weekdays.length > 0 && of.weekdays.length < 7 && list.format(of.weekdays.map((day) => names[day]!)),
    of.monthDays.length > 0 && w.onMonthDays(list.format(of.monthDays.map((one) => (one === -1 ? w.lastDay : String(one))))),
  ].filter((one) => one !== false).join(", ");
  return w.atTimes(list.format(of.times), on === "" ? w.eachDay : on);
}

export function triggerInWords(trigger: unknown, values: Data, w: FlowWords, language: string): string {
  const given = dataOf(trigger);
  if (given["schedule"]) {
    const recurrence = recurrenceOf(given["schedule"], values);
    return recurrenceInWords(recurrence, w, language) + (recurrence.zone ? ` (${recurrence.zone})` : "");
  }
  if (given["form"]) return w.triggers.form;
  if (given["event"]) return w.triggers.event(readable(textOf(dataOf(given["event"])["type"])).toLowerCase());
  if (given["webhook"]) return w.triggers.webhook;
  if (given["manual"]) return w.triggers.manual;
  return w.triggers.none;
}

export function stepInWords(step: Step, w: FlowWords, language: string): string {
  const given = dataOf(step.given);
  const text = (name: string) => bare(textOf(given[name]));
  switch (step.kind) {
    case "call": return text("tool") === "" ? w.does.callNone : toolName(textOf(given["tool"]), serverIn());
    case "ask": return given["choices"] ? w.does.askChoice(listOf(given["choices"]).length) : w.does.askText;
    case "set": return w.does.set(Object.keys(given).join(", "));
    case "branch": return w.does.branch(text("if"));
    case "choose": return w.does.choose(text("on"));
    case "for_each": return w.does.forEach(text("in"));
    case "wait":
      if (given["until"]) return w.does.waitUntil(text("until"));
      if (given["next"]) return recurrenceInWords(recurrenceOf(given["next"], {}), w, language);
      return spanInWords(given["span"], w);
    case "wait_for":
      return w.does.waitFor(readable(text("event")).toLowerCase(), spanInWords(given["timeout"], w));
    case "approve": return text("question");
    case "flow": return w.does.flow(text("flow"));
    case "stop": return text("reason");
    default: return w.noKind;
  }
}

export function laneName(lane: Lane, w: FlowWords): string {
  return lane.name === "case" ? bare(textOf(lane.value)) || "–" : w.lanes[lane.name];
}
