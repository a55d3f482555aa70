// What every page of the console is shown in: the pages to go to, who one is, and whether the server
// is there.

import { Link, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

import { signOut, useSession } from "~/api/client";
import { useRead } from "~/api/hooks";
import { useLive } from "~/api/live";
import { IconButton, buttonClass } from "~/ui/button";
import { join } from "~/ui/class";
import { Icon, type IconName } from "~/ui/icon";
import { Menu } from "~/ui/menu";
import { tellProblem } from "~/ui/toast";
import { shell } from "~/words/shell";
import { languages, useLanguage, useWords, type Language } from "~/words/words";
import logo from "./piggy.svg";
import { chooseLanguage } from "./language";
import { chooseTheme, chosenTheme, type Theme } from "./theme";

type PageName = keyof (typeof shell)["en"]["pages"];
type GroupName = keyof (typeof shell)["en"]["groups"];

const groups: { name: GroupName | null; pages: { name: PageName; to: string; icon: IconName }[] }[] = [
  { name: null, pages: [{ name: "home", to: "/", icon: "home" }] },
  {
    name: "work", pages: [
      { name: "chat", to: "/chat", icon: "chat" },
      { name: "personas", to: "/personas", icon: "persona" },
      { name: "approvals", to: "/approvals", icon: "approval" },
      { name: "flows", to: "/flows", icon: "flow" },
    ],
  },
  {
    name: "shop", pages: [
      { name: "contacts", to: "/contacts", icon: "contacts" },
      { name: "loyalty", to: "/loyalty", icon: "loyalty" },
      { name: "marketing", to: "/marketing", icon: "marketing" },
      { name: "insights", to: "/insights", icon: "insights" },
    ],
  },
  {
    name: "platform", pages: [
      { name: "integrations", to: "/integrations", icon: "integrations" },
      { name: "audit", to: "/audit", icon: "audit" },
      { name: "settings", to: "/settings", icon: "settings" },
    ],
  },
];

function Waiting() {
  const w = useWords(shell);
  const approvals = useRead("list_approvals", {});
  const count = approvals.data?.approvals.filter((one) => one.state === "pending").length ?? 0;
  if (count === 0) return null;
  return (
    <span className="ml-auto rounded-full bg-pink px-2 text-xs font-semibold text-on-pink" title={w.waiting(count)}>
      {count}<span className="sr-only"> ({w.waiting(count)})</span>
    </span>
  );
}

function Pages({ onGo }: { onGo?: () => void }) {
  const w = useWords(shell);
  const at = useLocation({ select: (location) => location.pathname });
  return (
    <nav aria-label={w.navigation} className="flex grow flex-col gap-4 overflow-y-auto px-3 py-2">
      {groups.map((group) => (
        <div key={group.name ?? ""}>
          {group.name && <p className="px-3 pb-1 text-xs font-semibold text-soft">{w.groups[group.name]}</p>}
          <ul>
            {group.pages.map(({ name, to, icon }) => {
              const here = to === "/" ? at === "/" : at === to || at.startsWith(`${to}/`);
              return (
                <li key={name}>
                  <Link to={to} onClick={onGo} aria-current={here ? "page" : undefined}
                        className={join("flex items-center gap-3 rounded-lg px-3 py-1.5", here ? "bg-blush font-semibold text-pink" : "hover:bg-sunk")}>
                    <Icon name={icon} />
                    <span className="truncate">{w.pages[name]}</span>
                    {name === "approvals" && <Waiting />}
                  </Link>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function You() {
  const w = useWords(shell);
  const session = useSession();
  const navigate = useNavigate();
  const language = useLanguage();
  const [theme, setTheme] = useState(chosenTheme());
  const choose = (next: Theme) => {
    chooseTheme(next);
    setTheme(next);
  };
  const other = (Object.keys(languages) as Language[]).filter((one) => one !== language);
  const themes: [Theme, string, IconName][] = [["light", w.light, "sun"], ["dark", w.dark, "moon"], ["system", w.system, "settings"]];
  return (
    <Menu align="start" items={[
      ...themes.filter(([name]) => name !== theme).map(([name, label, icon]) => ({ label, icon, onSelect: () => choose(name) })),
      "line" as const,
      ...other.map((one) => ({ label: languages[one], icon: "globe" as const, onSelect: () => chooseLanguage(one) })),
      "line" as const,
      { label: w.manual, icon: "form" as const, onSelect: () => void navigate({ to: "/manual" }) },
      { label: w.signOut, icon: "external" as const, onSelect: () => void signOut().catch(tellProblem) },
    ]}>
      <button type="button" className="m-3 flex items-center gap-3 rounded-lg p-2 text-left hover:bg-sunk">
        <span aria-hidden="true" className="grid size-9 shrink-0 place-items-center rounded-full bg-blush font-semibold text-pink uppercase">
          {(session.name || session.email).charAt(0)}
        </span>
        <span className="min-w-0">
          <span className="block truncate font-medium">{session.name || session.email}</span>
          <span className="block truncate text-sm text-soft">{w.roles[session.role]}</span>
        </span>
      </button>
    </Menu>
  );
}

function Brand() {
  const session = useSession();
  return (
    <Link to="/" className="flex min-w-0 items-center gap-3 font-semibold">
      <img src={logo} alt="" className="size-8" />
      <span className="truncate">{session.company || session.account}</span>
    </Link>
  );
}

export function Shell() {
  const w = useWords(shell);
  const live = useLive();
  const [open, setOpen] = useState(false);
  const drawer = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) drawer.current?.showModal();
    else drawer.current?.close();
  }, [open]);
  return (
    <div className="min-h-dvh lg:pl-64 print:pl-0">
      <a href="#content" className={join(buttonClass("primary"), "sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50")}>{w.skip}</a>
      <aside className="fixed inset-y-0 left-0 hidden w-64 flex-col border-r border-line bg-paper lg:flex print:hidden">
        <div className="px-5 pt-5 pb-3"><Brand /></div>
        <Pages />
        <You />
      </aside>
      <header className="sticky top-0 z-30 flex items-center gap-2 border-b border-line bg-paper px-3 py-2 lg:hidden print:hidden">
        <IconButton icon="menu" label={w.menu} aria-expanded={open} onClick={() => setOpen(true)} />
        <Brand />
      </header>
      <dialog ref={drawer} aria-label={w.menu} onCancel={(event) => { event.preventDefault(); setOpen(false); }}
              onMouseDown={(event) => { if (event.target === drawer.current) setOpen(false); }}
              className="m-0 h-dvh max-h-none w-72 max-w-[85vw] border-r border-line bg-paper p-0 text-ink lg:hidden">
        {open && (
          <div className="flex h-full flex-col pt-3">
            <div className="flex items-center justify-between px-5 pb-2"><Brand /><IconButton icon="close" label={w.menu} onClick={() => setOpen(false)} /></div>
            <Pages onGo={() => setOpen(false)} />
            <You />
          </div>
        )}
      </dialog>
      {!live && <p role="status" className="print:hidden bg-warn-soft px-4 py-2 text-center text-sm text-warn">{w.offline}</p>}
      <main id="content" tabIndex={-1} className="outline-none"><Outlet /></main>
    </div>
  );
}
