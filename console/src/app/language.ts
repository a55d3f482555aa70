// The language that is shown, and who shows it anew when it changes.

import { store } from "~/api/store";
import { learn } from "~/words/server";
import { firstLanguage, type Language } from "~/words/words";

const language = store<Language>(firstLanguage());
export const useChosenLanguage = language.use;
void learn(firstLanguage());

/** Shows the language that was chosen, once what the server says can be said in it. */
async function follow() {
  const next = firstLanguage();
  await learn(next);
  if (next === firstLanguage()) language.set(next);
}

// Chosen in another tab: this one speaks it too.
window.addEventListener("storage", (event) => {
  if (event.key === "language") void follow();
});

export function chooseLanguage(next: Language) {
  localStorage.setItem("language", next);
  void follow();
}
