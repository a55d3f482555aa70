// The conversations one has had, the newest first.

import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";

import { useRead } from "~/api/hooks";
import { join } from "~/ui/class";
import { Answer } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Spinner, buttonClass } from "~/ui/button";
import { Icon } from "~/ui/icon";
import { chat } from "~/words/chat";
import { useWords } from "~/words/words";

const searchedFrom = 8;

export function Conversations({ open, withNew }: { open?: string; withNew?: boolean }) {
  const w = useWords(chat);
  const id = useId();
  const [search, setSearch] = useState("");
  const read = useRead("list_conversations", {});
  return (
    <nav aria-label={w.conversations} className="flex min-h-0 flex-col">
      {withNew && (
        <div className="flex items-center justify-between gap-2 px-4 pt-5 pb-3">
          <h2 className="font-semibold">{w.conversations}</h2>
          <Link to="/chat" aria-label={w.newOne} title={w.newOne} className={buttonClass("plain", true)}><Icon name="plus" className="size-4" /></Link>
        </div>
      )}
      <Answer of={read}>
        {({ conversations }) => {
          const words = search.trim().toLowerCase();
          const found = conversations.filter((one) => `${one.title} ${one.persona}`.toLowerCase().includes(words));
          return (
            <>
              {conversations.length >= searchedFrom && (
                <div className="px-3 pb-2">
                  <label htmlFor={id} className="sr-only">{w.find}</label>
                  <input id={id} type="search" placeholder={w.find} value={search} onChange={(event) => setSearch(event.target.value)}
                         className="w-full rounded-lg border border-edge/70 bg-paper px-3 py-1.5 text-sm placeholder:text-soft" />
                </div>
              )}
              {found.length === 0 && <p className="px-4 py-2 text-sm text-soft">{conversations.length === 0 ? w.noneYet : w.noneFound}</p>}
              <ul className="min-h-0 overflow-y-auto px-2 pb-3" tabIndex={-1}>
                {found.map((one) => (
                  <li key={one.uuid}>
                    <Link to={`/chat/${one.uuid}`} aria-current={one.uuid === open ? "page" : undefined}
                          className={join("block rounded-lg px-3 py-2", one.uuid === open ? "bg-blush" : "hover:bg-sunk")}>
                      <span className={join("block truncate", one.uuid === open && "font-medium", !one.title && "text-soft")}>{one.title || w.untitled}</span>
                      <span className="flex items-center gap-1.5 text-sm text-soft">
                        {one.state === "thinking" && <Spinner className="size-3" />}
                        <span className="truncate">{one.persona}</span><span aria-hidden="true">·</span>
                        <span className="whitespace-nowrap"><Moment at={one.updated_at} /></span>
                      </span>
                    </Link>
                  </li>
                ))}
              </ul>
            </>
          );
        }}
      </Answer>
    </nav>
  );
}
