import type { FlowWords } from "./say";

/** How long something took, roughly. */
export function spanBetween(from: string, to: string, w: FlowWords): string {
  const seconds = Math.round((Date.parse(to) - Date.parse(from)) / 1000);
  if (seconds < 1) return w.atOnce;
  if (seconds < 120) return w.spans.seconds(String(seconds));
  if (seconds < 7_200) return w.spans.minutes(String(Math.round(seconds / 60)));
  if (seconds < 172_800) return w.spans.hours(String(Math.round(seconds / 3_600)));
  return w.spans.days(String(Math.round(seconds / 86_400)));
}
