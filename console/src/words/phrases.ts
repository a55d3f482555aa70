// Sentences with holes, and how they are said in another language: "There is no user {}." is "Er is geen gebruiker {1}."
// `{1}` is what stood in the first hole; `{1!}` and `{1?}` are what `fill` makes of it.

export type Fill = (given: string, mark: string) => string;

interface Phrase {
  phrase: string;
  matches: RegExp;
  said: string;
}

export interface Said {
  /** The sentence that it is. */
  phrase: string;
  said: string;
}

const hole = "{}";

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function compiled([phrase, said]: [string, string]): Phrase {
  return { phrase, said, matches: new RegExp(`^${phrase.split(hole).map(literal).join("(.+?)")}$`, "su") };
}

/** Says a text that is one of these sentences; undefined for any other. The one that leaves least open is taken. */
export function phrasebook(phrases: Record<string, string>, fill: Fill): (text: string) => Said | undefined {
  const whole = new Map<string, string>();
  const open: [string, string][] = [];
  for (const [phrase, said] of Object.entries(phrases)) {
    if (phrase.includes(hole)) open.push([phrase, said]);
    else whole.set(phrase, said);
  }
  const length = (phrase: string) => phrase.replaceAll(hole, "").length;
  const inOrder = open.sort(([one], [other]) => length(other) - length(one)).map(compiled);
  return (text) => {
    const same = whole.get(text);
    if (same !== undefined) return { phrase: text, said: same };
    for (const { phrase, matches, said } of inOrder) {
      const given = matches.exec(text);
      if (given) return { phrase, said: said.replace(/\{(\d)([!?]?)\}/g, (_, at: string, mark: string) => fill(given[Number(at)] ?? "", mark)) };
    }
    return undefined;
  };
}
