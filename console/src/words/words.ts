// All text of the console lies in this folder, by feature, in each language. English is the measure:
// what a text takes and which texts there are is checked by the compiler.

import { createContext, useContext } from "react";

export const languages = { en: "English", nl: "Nederlands" } as const;
export type Language = keyof typeof languages;

type Widened<T> = T extends string ? string
  : T extends (...given: infer Given) => string ? (...given: Given) => string
  : { [Key in keyof T]: Widened<T[Key]> };

export type Words<T> = Record<Language, T>;

/** Texts of a feature in all languages. */
export function words<const T extends object>(en: T, nl: Widened<T>): Words<Widened<T>> {
  return { en: en as unknown as Widened<T>, nl };
}

export const LanguageContext = createContext<Language>("en");

export function useLanguage(): Language {
  return useContext(LanguageContext);
}

export function useWords<T>(texts: Words<T>): T {
  return texts[useLanguage()];
}

/** The language that was chosen, or the browser's, if it is one of ours. */
export function firstLanguage(): Language {
  const chosen = localStorage.getItem("language") ?? navigator.language.slice(0, 2);
  return chosen in languages ? (chosen as Language) : "en";
}
