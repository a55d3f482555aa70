import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

import { PiggyError } from "~/api/piggy";
import { queries } from "~/api/hooks";
import { chooseLanguage, useChosenLanguage } from "~/app/language";
import { Localized } from "~/app/localized";
import { followTheme } from "~/app/theme";
import { Empty, Failed, Loading } from "~/ui/page";
import { portal } from "~/words/portal";
import { languages, useWords, type Language } from "~/words/words";
import { Member, SignOut } from "./card";
import { signInByToken, signOut, useOwn } from "./client";
import { EraseMine, ErasureAsked } from "./erasure";
import { SignIn } from "./sign_in";
import "~/app/style.css";

/** Uses up the one-time token of the address, before anything else is asked. */
function useToken() {
  const [state, setState] = useState<"none" | "busy" | "used">(
    () => (new URLSearchParams(window.location.search).has("token") ? "busy" : "none"));
  useEffect(() => {
    const token = new URLSearchParams(window.location.search).get("token");
    if (!token) return;
    // It must neither stay in the history nor be sent again.
    window.history.replaceState(null, "", window.location.pathname);
    signInByToken(token).then(() => setState("none"), () => setState("used"));
  }, []);
  return state;
}

/** The shop's colour in the place of ours; one that white text can be read on, as the server sees to. */
function useColour(colour: string | undefined) {
  useEffect(() => {
    if (!colour) return;
    document.documentElement.style.setProperty("--pink", colour);
    document.documentElement.style.setProperty("--on-pink", "#ffffff");
  }, [colour]);
}

function Portal() {
  const w = useWords(portal);
  const language = useChosenLanguage();
  const token = useToken();
  const brand = useOwn("get_brand");
  useColour(brand.data?.colour);
  useEffect(() => {
    if (brand.data) document.title = brand.data.company;
  }, [brand.data]);
  if (brand.error instanceof PiggyError && brand.error.status === 404) return <main><Empty icon="search" title={w.noShop} /></main>;
  if (brand.error) return <main><Failed error={brand.error} retry={() => void brand.refetch()} /></main>;
  if (!brand.data || token === "busy") return <main><Loading /></main>;
  const { company, logo, welcome } = brand.data;
  return (
    <div className="mx-auto max-w-4xl px-4 py-5">
      <header className="mb-5 flex items-center justify-between gap-3">
        <div className="flex min-w-0 items-center gap-3">
          {logo && <img src={logo} alt="" className="h-10 max-w-40 object-contain" />}
          <p className="truncate text-lg font-semibold">{company}</p>
        </div>
        <select aria-label={w.language} value={language} onChange={(event) => chooseLanguage(event.target.value as Language)}
                className="rounded-lg border border-edge/60 bg-paper px-2 py-1 text-sm">
          {Object.entries(languages).map(([code, name]) => <option key={code} value={code}>{name}</option>)}
        </select>
      </header>
      <main><Content company={company} welcome={welcome} note={token === "used" ? w.linkUsed : ""} /></main>
    </div>
  );
}

function Content({ company, welcome, note }: { company: string; welcome: string; note: string }) {
  const card = useOwn("get_loyalty_card");
  // Who was erased meanwhile has nothing left to see here either.
  if (card.error instanceof PiggyError && (card.error.status === 401 || card.error.status === 404)) return <SignIn company={company} welcome={welcome} note={note} />;
  if (card.error) return <Failed error={card.error} retry={() => void card.refetch()} />;
  if (!card.data) return <Loading />;
  return (
    <>
      <div className="mb-4 empty:hidden"><ErasureAsked /></div>
      <Member card={card.data} />
      <p className="mt-5 flex flex-wrap items-center justify-center gap-x-2 text-center text-sm text-soft">
        {card.data.email}<SignOut onPress={() => void signOut()} /><EraseMine company={company} email={card.data.email} credits={card.data.credit_name} />
      </p>
    </>
  );
}

followTheme();
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={queries}><Localized><Portal /></Localized></QueryClientProvider>
  </StrictMode>,
);
