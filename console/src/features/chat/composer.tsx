// Where one writes. Enter sends, Shift and Enter break the line, and a slash shows the commands.

import { useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";

import { useTools, type Grant } from "~/features/persona/tools";
import { Button } from "~/ui/button";
import { join } from "~/ui/class";
import { chat } from "~/words/chat";
import { shortName, useServer } from "~/words/server";
import { useWords } from "~/words/words";

const heightMax = 200; // Pixels.
const shownMax = 60;

interface Command {
  name: string;
  title: string;
  about: string;
  price: number | null;
}

function useCommands(grants: Grant[]): Command[] {
  const w = useWords(chat);
  const tools = useTools();
  const server = useServer();
  return useMemo(() => [
    { name: "help", title: w.help, about: "", price: 0 },
    ...grants.map(({ tool }) => {
      const info = tools.find(tool);
      return { name: shortName(tool), title: tools.title(tool), about: info ? server.about(info) : "", price: info?.price ?? null };
    }).sort((a, b) => a.name.localeCompare(b.name)),
  ], [grants, server, tools, w]);
}

export function Composer({ persona, grants, text, thinking, stopping, onChange, onSend, onStop }: {
  persona: string; grants: Grant[]; text: string; thinking: boolean; stopping: boolean;
  onChange: (text: string) => void; onSend: () => void; onStop: () => void;
}) {
  const w = useWords(chat);
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState(0);
  const [closed, setClosed] = useState(false);
  const commands = useCommands(grants);
  const typed = /^\/(\S*)$/.exec(text)?.[1]?.toLowerCase();
  const fitting = typed === undefined || closed ? []
    : commands.filter((one) => one.name.includes(typed) || one.title.toLowerCase().includes(typed)).slice(0, shownMax);
  const chosen = Math.min(at, fitting.length - 1);
  const given = /^\/(\S+)\s/.exec(text)?.[1];
  const command = given ? commands.find((one) => one.name === shortName(given)) : undefined;

  useLayoutEffect(() => {
    const shown = area.current;
    if (!shown) return;
    shown.style.height = "auto";
    shown.style.height = `${Math.min(heightMax, shown.scrollHeight + 2)}px`;
  }, [text]);
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  const take = (one: Command) => {
    onChange(`/${one.name} `);
    setAt(0);
    area.current?.focus();
  };
  const key = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const one = fitting[chosen];
    if (one && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      setAt((chosen + (event.key === "ArrowDown" ? 1 : fitting.length - 1)) % fitting.length);
    } else if (one && event.key === "Escape") {
      event.preventDefault();
      setClosed(true);
    } else if (one && (event.key === "Tab" && !event.shiftKey || event.key === "Enter" && !event.shiftKey && typed !== one.name)) {
      event.preventDefault();
      take(one);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (!thinking && text.trim()) onSend();
    }
  };
  return (
    <div data-foot className="border-t border-line bg-paper px-4 pt-3 pb-3 sm:px-6">
      <form className="relative mx-auto max-w-180" onSubmit={(event) => { event.preventDefault(); if (!thinking && text.trim()) onSend(); }}>
        {fitting.length > 0 && (
          <ul ref={list} id={`${id}-commands`} role="listbox" aria-label={w.commands} tabIndex={-1}
              className="absolute inset-x-0 bottom-full mb-2 max-h-72 overflow-y-auto rounded-xl border border-line bg-paper p-1.5 shadow-lg">
            {fitting.map((one, index) => (
              <li key={one.name} id={`${id}-${index}`} role="option" aria-selected={index === chosen}
                  onMouseDown={(event) => { event.preventDefault(); take(one); }}
                  className={join("flex cursor-pointer items-baseline gap-3 rounded-lg px-3 py-1.5", index === chosen && "bg-sunk")}>
                <span className="min-w-0 grow">
                  <span className="font-mono text-sm font-medium">/{one.name}</span>
                  <span className="block truncate text-sm text-soft">{one.about || one.title}</span>
                </span>
                {one.price !== null && one.price > 0 && <span className="text-sm whitespace-nowrap text-soft">{w.credits(one.price)}</span>}
              </li>
            ))}
          </ul>
        )}
        {command && command.about && (
          <p className="mb-2 rounded-lg bg-sunk px-3 py-2 text-sm"><span className="line-clamp-2">{command.about}</span><span className="text-soft">{w.commandHint}</span></p>
        )}
        <div className="flex items-end gap-2">
          <textarea ref={area} rows={1} autoFocus={window.matchMedia("(pointer: fine)").matches} value={text} maxLength={10_000} aria-label={w.write(persona)} placeholder={w.write(persona)}
                    aria-describedby={`${id}-hint`} aria-autocomplete="list" aria-haspopup="listbox"
                    aria-controls={fitting.length > 0 ? `${id}-commands` : undefined}
                    aria-activedescendant={fitting.length > 0 ? `${id}-${chosen}` : undefined}
                    onChange={(event) => { setClosed(false); setAt(0); onChange(event.target.value); }} onKeyDown={key}
                    className="min-h-10 min-w-0 grow resize-none rounded-xl border border-edge/70 bg-paper px-3.5 py-2 placeholder:truncate placeholder:text-soft" />
          {thinking
            ? <Button icon="stop" busy={stopping} onClick={onStop}>{stopping ? w.stopping : w.stop}</Button>
            : <Button type="submit" look="primary" disabled={!text.trim()}>{w.send}</Button>}
        </div>
        <p id={`${id}-hint`} className="mt-1.5 text-xs text-soft max-sm:sr-only">{w.hint}</p>
      </form>
    </div>
  );
}
