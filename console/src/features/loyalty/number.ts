// What somebody typed where a number belongs.

/** A number, nothing, or the text itself: the server says what is wrong with it, at the field. */
export function numberOf(text: string): number | undefined {
  const typed = text.trim().replace(",", ".");
  if (typed === "") return undefined;
  return Number.isFinite(Number(typed)) ? Number(typed) : (typed as unknown as number);
}

/** The inputs of a moment and the server's text of it. */
export function toLocal(time: string | null): string {
  if (!time) return "";
  const at = new Date(time);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function fromLocal(local: string): string | undefined {
  return local === "" ? undefined : new Date(local).toISOString();
}
