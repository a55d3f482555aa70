import { useState } from "react";

import { useRead } from "~/api/hooks";
import { TextField } from "~/ui/field";
import { useLater } from "~/ui/later";
import { campaign } from "~/words/campaign";
import { useWords } from "~/words/words";

export interface Person {
  uuid: string;
  email: string;
}

/** Finds a contact while somebody types. */
export function PickContact({ label, value, onChange, optional }: {
  label: string; value: Person | null; onChange: (person: Person | null) => void; optional?: boolean;
}) {
  const w = useWords(campaign);
  const [text, setText] = useState("");
  const later = useLater(text.trim());
  const found = useRead("search_contacts", { text: later, beginnings: true }, { enabled: later.length > 1 && !value, keep: true });
  const contacts = text.trim().length > 1 && !value ? (found.data?.contacts ?? []).slice(0, 6) : [];
  return (
    <div>
      <TextField label={label} value={value ? value.email : text} placeholder={w.findContact} autoComplete="off" {...(optional ? { optional: true } : {})}
                 onChange={(event) => {
                   setText(event.target.value);
                   if (value) onChange(null);
                 }} />
      {contacts.length > 0 && (
        <ul aria-label={label} className="mt-1 divide-y divide-line overflow-hidden rounded-lg border border-line">
          {contacts.map((one) => (
            <li key={one.uuid}>
              <button type="button" className="flex w-full flex-wrap gap-x-2 px-3 py-1.5 text-left text-sm hover:bg-sunk" onClick={() => onChange(one)}>
                <span className="font-medium">{one.email}</span><span className="text-soft">{one.name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
