// The language that is shown, and who shows it anew when it changes.

import { store } from "~/api/store";
import { firstLanguage, type Language } from "~/words/words";

const language = store<Language>(firstLanguage());
export const useChosenLanguage = language.use;

export function chooseLanguage(next: Language) {
  localStorage.setItem("language", next);
  language.set(next);
}
