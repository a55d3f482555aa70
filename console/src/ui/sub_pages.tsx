import { Link, useLocation } from "@tanstack/react-router";

import { join } from "./class";
import { useChosenInView } from "./in_view";

/** The ways between pages that belong together, above them. The first is at the root of all. */
export function SubPages({ label, pages }: { label: string; pages: { label: string; to: string }[] }) {
  const at = useLocation({ select: (location) => location.pathname.replace(/\/$/, "") });
  const root = pages[0]?.to;
  const list = useChosenInView<HTMLUListElement>("[aria-current]", at);
  return (
    <nav aria-label={label} className="border-b border-line bg-paper print:hidden">
      <ul ref={list} className="mx-auto flex w-full max-w-7xl overflow-x-auto px-1.5 sm:px-3.5 lg:px-5.5">
        {pages.map(({ label: name, to }) => {
          const here = at === to || (to !== root && at.startsWith(`${to}/`));
          return (
            <li key={to}>
              <Link to={to} activeOptions={{ exact: true }} aria-current={here ? "page" : undefined}
                    className={join("-mb-px block border-b-2 px-2.5 py-2.5 text-sm font-medium whitespace-nowrap",
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
