// What the server says of any field (src/shape/read.cpp), in the reader's language. All else is shown as it was said.

import { words } from "./words";

const inDutch: [RegExp, string][] = [
  [/^The \S+ field is required\.$/, "Vul dit in."],
  [/^The \S+ must be at least 1 characters\.$/, "Vul dit in."],
  [/^The \S+ must be at least 1 items\.$/, "Kies er minstens een."],
  [/^The \S+ must be at least (\S+) characters\.$/, "Minstens $1 tekens."],
  [/^The \S+ must be at least (\S+) items\.$/, "Minstens $1."],
  [/^The \S+ must be at least (\S+)\.$/, "Minstens $1."],
  [/^The \S+ may not be greater than (\S+) characters\.$/, "Hoogstens $1 tekens."],
  [/^The \S+ may not be greater than (\S+) items\.$/, "Hoogstens $1."],
  [/^The \S+ may not be greater than (\S+)\.$/, "Hoogstens $1."],
  [/^The \S+ must be an integer\.$/, "Vul een heel getal in."],
  [/^The \S+ must be a number\.$/, "Vul een getal in."],
  [/^The \S+ field must be true or false\.$/, "Kies ja of nee."],
  [/^The \S+ must be a string\.$/, "Vul tekst in."],
  [/^The \S+ must be a UUID\.$/, "Kies er een."],
  [/^The \S+ must be a valid email address\.$/, "Vul een geldig e-mailadres in."],
  [/^The \S+ must be an address that begins with https:\/\/ or http:\/\/\.$/, "Vul een adres in dat begint met https:// of http://."],
  [/^The \S+ must begin with https:\/\/\.$/, "Het adres moet met https:// beginnen."],
  [/^The \S+ must be a date and time such as (\S+)\.$/, "Vul een datum en tijd in, zoals $1."],
  [/^The \S+ must be one of (.+)\.$/, "Kies een van: $1."],
];

function dutch(text: string): string {
  for (const [said, meant] of inDutch) if (said.test(text)) return text.replace(said, meant);
  return text;
}

export const problems = words({ said: (text: string) => text }, { said: dutch });
