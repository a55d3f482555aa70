// The server's sentences name fields, tools and operations as programs call them. For people they are said without.

import { phrasebook } from "./phrases";
import { readable } from "./readable";

const phrases = {
  "The persona has not been granted {}; `grant` grants it, or grant_tools within limits.": "The persona may not use “{1!}” yet.",
  "There is no connection {}; create_connection makes one.": "There is no connection {1} yet.",
  "The phonenumber must be a telephone number.": "This is not a telephone number.",
  "It goes the way “then”.": "It goes the way “yes”.",
  "It goes the way “else”.": "It goes the way “no”.",
};

const plain = phrasebook(phrases, (given, mark) => (mark === "!" ? readable(given.replace(/^piggy_/, "")) : given));

const names: Record<string, string> = { birthdate: "birth date", firstname: "first name", lastname: "last name", url: "address" };

/** "The promotion_uuid field is required." is "The promotion field is required." */
function fieldNamed(text: string): string {
  return text.replace(/^The ([a-z_]+)(?= )/, (_, name: string) => `The ${names[name] ?? name.replace(/_uuid$/, "").replaceAll("_", " ").replace(/\burl\b/, "URL")}`);
}

export function plainly(text: string): string {
  return plain(text)?.said ?? fieldNamed(text);
}
