// Finds a contact while one types: the answers to what was typed last, and the keyboard to choose.

import { useId, useState, type KeyboardEvent } from "react";

import { useRead } from "~/api/hooks";
import { Spinner } from "~/ui/button";
import { join } from "~/ui/class";
import { Icon } from "~/ui/icon";
import { Badge, Failed } from "~/ui/page";
import { common } from "~/words/common";
import { contactWords } from "~/words/contact";
import { useWords } from "~/words/words";
import type { FoundContact } from "./contact";

interface ContactSearchProps {
  label: string;
  text: string;
  onText: (text: string) => void;
  onChoose: (contact: FoundContact) => void;
  /** Who cannot be chosen. */
  except?: string;
  autoFocus?: boolean;
}

export function ContactSearch({ label, text, onText, onChoose, except, autoFocus }: ContactSearchProps) {
  const w = useWords(contactWords);
  const id = useId();
  const wanted = text.trim();
  const asked = wanted !== "";
  // With each key: an answer takes less time than the next key, and one that comes late is dropped.
  const found = useRead("search_contacts", { text: wanted.slice(0, 200), beginnings: true }, { enabled: asked, keep: true });
  const results = asked ? (found.data?.contacts ?? []).filter((one) => one.uuid !== except) : [];
  const settled = !found.isFetching && !found.isPlaceholderData;
  const [chosen, setChosen] = useState({ text: "", at: 0 });
  const at = chosen.text === wanted ? Math.min(chosen.at, results.length - 1) : 0;
  const move = (to: number) => setChosen({ text: wanted, at: (to + results.length) % results.length });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && text !== "") {
      event.preventDefault();
      event.stopPropagation();
      onText("");
    }
    if (event.key === "Enter") event.preventDefault();
    if (results.length === 0) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(at + (event.key === "ArrowDown" ? 1 : -1));
    }
    const one = results[at];
    if (event.key === "Enter" && settled && one) onChoose(one);
  };

  return (
    <div>
      <div className="relative">
        <span className="pointer-events-none absolute top-1/2 left-3 grid size-5 -translate-y-1/2 place-items-center text-soft">
          {asked && !settled ? <Spinner /> : <Icon name="search" />}
        </span>
        <input type="search" role="combobox" aria-label={label} placeholder={w.searchHint} value={text} maxLength={200}
               aria-expanded={results.length > 0} aria-controls={`${id}-list`} aria-autocomplete="list" autoComplete="off"
               aria-activedescendant={results[at] ? `${id}-${at}` : undefined} autoFocus={autoFocus}
               spellCheck={false} onKeyDown={onKeyDown} onChange={(event) => onText(event.target.value)}
               className="w-full rounded-xl border border-edge/70 bg-paper py-2.5 pr-3 pl-10 placeholder:text-soft" />
      </div>
      {asked && found.error && <Failed error={found.error} retry={() => void found.refetch()} />}
      {asked && !found.error && results.length === 0 && settled && (
        <p role="status" className="px-4 py-8 text-center text-soft">{w.nobodyFound(wanted)}</p>
      )}
      <ul id={`${id}-list`} role="listbox" aria-label={label} aria-busy={asked && !settled}
          className={join("mt-2 divide-y divide-line overflow-hidden rounded-xl border border-line bg-paper", results.length === 0 && "hidden")}>
        {results.map((one, index) => (
          <li key={one.uuid} id={`${id}-${index}`} role="option" aria-selected={index === at}
              onMouseDown={(event) => event.preventDefault()} onClick={() => onChoose(one)}
              className={join("flex cursor-pointer items-center gap-3 px-4 py-2.5", index === at ? "bg-blush" : "hover:bg-sunk")}>
            <Avatar name={one.name || one.email} />
            <span className="min-w-0 grow">
              <span className="block truncate font-medium">{one.name || (one.is_anonymous ? w.anonymous : one.email)}</span>
              {(one.name || one.is_anonymous) && <span className="block truncate text-sm text-soft">{one.email}</span>}
            </span>
            {one.is_anonymous && <Badge>{w.card}</Badge>}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The first letter, for the eye alone. */
export function Avatar({ name, large }: { name: string; large?: boolean }) {
  return (
    <span aria-hidden="true" className={join("grid shrink-0 place-items-center rounded-full bg-blush font-semibold text-pink uppercase in-aria-selected:bg-paper",
                                             large ? "size-14 text-xl" : "size-9 text-sm")}>
      {[...name][0] ?? "?"}
    </span>
  );
}

/** A contact that is chosen by searching, as a field of a form. */
export function ContactPicker({ label, hint, optional, chosen, onChoose, except, problem }: {
  label: string; hint?: string; optional?: boolean; chosen: FoundContact | null; onChoose: (contact: FoundContact | null) => void;
  except?: string; problem?: string | undefined;
}) {
  const w = useWords(contactWords);
  const c = useWords(common);
  const [text, setText] = useState("");
  return (
    <div className="flex flex-col gap-1">
      <span className="text-sm font-medium">{label}{optional && <span className="ml-1.5 font-normal text-soft">{c.optional}</span>}</span>
      {chosen
        ? (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-xl border border-line bg-sunk/50 px-3 py-2">
            <Avatar name={chosen.name || chosen.email} />
            <span className="min-w-0 grow basis-40">
              <span className="block font-medium wrap-anywhere">{chosen.name || chosen.email}</span>
              {chosen.name && <span className="block text-sm wrap-anywhere text-soft">{chosen.email}</span>}
            </span>
            <button type="button" className="-mr-1 shrink-0 rounded-lg px-2 py-1 text-sm font-medium whitespace-nowrap text-pink hover:bg-blush"
                    onClick={() => { setText(""); onChoose(null); }}>{w.chooseOther}</button>
          </div>
        )
        : <ContactSearch label={label} text={text} onText={setText} onChoose={onChoose} {...(except ? { except } : {})} />}
      {hint && !chosen && <p className="text-sm text-soft">{hint}</p>}
      {problem && <p className="text-sm font-medium text-bad">{problem}</p>}
    </div>
  );
}
