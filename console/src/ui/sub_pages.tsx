import { Link, useLocation } from "@tanstack/react-router";

import { join } from "./class";
import { useChosenInView } from "./in_view";

const manyPages = 8; // More stand closer together.

/** The ways between pages that belong together, above them. The first is at the root of all. */
export function SubPages({ label, pages }: { label: string; pages: { label: string; to: string }[] }) {
  const at = useLocation({ select: (location) => location.pathname.replace(/\/$/, "") });
  const root = pages[0]?.to;
  const list = useChosenInView<HTMLUListElement>("[aria-current]", at);
  return (
    <nav aria-label={label} className="border-b border-line bg-paper print:hidden">
      <ul ref={list} className="mx-auto flex w-full max-w-7xl overflow-x-auto px-3 sm:px-5 lg:px-7">
        {pages.map(({ label: name, to }) => {
          const here = at === to || (to !== root && at.startsWith(`${to}/`));
          return (
            <li key={to}>
              <Link to={to} activeOptions={{ exact: true }} aria-current={here ? "page" : undefined}
                    className={join("-mb-px block border-b-2 py-2.5 text-sm font-medium whitespace-nowrap", pages.length > manyPages ? "px-2.5" : "px-3",
                                    here ? "border-pink text-ink" : "border-transparent text-soft hover:text-ink")}>
                {name}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
