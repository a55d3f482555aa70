/** A name for people: "unit_value" is "Unit value". */
export function readable(name: string): string {
  const text = name.replaceAll("_", " ").replace(/\buuid\b/, "UUID");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
