import type { ReactNode } from "react";

import { Toasts } from "~/ui/toast";
import { LanguageContext } from "~/words/words";
import { useChosenLanguage } from "./language";

/** What every page is within: the language that was chosen, and messages at the edge. */
export function Localized({ children }: { children: ReactNode }) {
  const language = useChosenLanguage();
  document.documentElement.lang = language;
  return (
    <LanguageContext value={language}>
      {children}
      <Toasts />
    </LanguageContext>
  );
}
