// The language that is shown, and who shows it anew when it changes.

import { store } from "~/api/store";
import { firstLanguage, type Language } from "~/words/words";

const language = store<Language>(firstLanguage());
export const useChosenLanguage = language.use;

// Chosen in another tab: this one speaks it too.
window.addEventListener("storage", (event) => {
  if (event.key === "language") language.set(firstLanguage());
});

export function chooseLanguage(next: Language) {
  localStorage.setItem("language", next);
  language.set(next);
}
