// The manual, as it lies in the folder of that name: its pages, and the pictures that they show.

const texts: Record<string, string> = import.meta.glob("../../../../manual/*.md", { query: "?raw", import: "default", eager: true });
const files: Record<string, string> = import.meta.glob("../../../../manual/pictures/*.png", { query: "?url", import: "default", eager: true });

/** In the order in which one needs them. */
const order = ["console", "personas", "flows", "lead_magnet", "daily_rollup", "segment_refresh"];

export interface ManualPage {
  /** As in its address: lead-magnet. */
  name: string;
  title: string;
  text: string;
}

const nameOf = (file: string) => /([^/]+)\.\w+$/.exec(file)![1]!;
const place = (file: string) => {
  const at = order.indexOf(nameOf(file));
  return at < 0 ? order.length : at;
};

export const manualPages: ManualPage[] = Object.keys(texts).sort((a, b) => place(a) - place(b)).map((file) => ({
  name: nameOf(file).replaceAll("_", "-"),
  title: /^# (.+)$/m.exec(texts[file]!)![1]!,
  text: texts[file]!,
}));

const pictures = new Map(Object.entries(files).map(([file, url]) => [`pictures/${nameOf(file)}.png`, url]));

/** Where what a page names is found here: a picture, another page, or elsewhere as it stands. */
export function addressOf(link: string): string {
  const picture = pictures.get(link);
  if (picture) return picture;
  const page = /^(\w+)\.md(#.*)?$/.exec(link);
  return page ? `/manual/${page[1]!.replaceAll("_", "-")}${page[2] ?? ""}` : link;
}
