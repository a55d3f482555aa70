// The language that is shown, and who shows it anew when it changes.

import { useSyncExternalStore } from "react";

import { firstLanguage, type Language } from "~/words/words";

let language = firstLanguage();
const listeners = new Set<() => void>();

export function chooseLanguage(next: Language) {
  localStorage.setItem("language", next);
  language = next;
  for (const listener of listeners) listener();
}

export function useChosenLanguage(): Language {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => language);
}
