import { useState } from "react";

import { useRead } from "~/api/hooks";
import { PickContact, type Person } from "~/features/campaign/pick_contact";
import { Icon } from "~/ui/icon";
import { Answer, Card } from "~/ui/page";
import { Moment } from "~/ui/show";
import { segment as texts, type SegmentWords } from "~/words/segment";
import { useWords } from "~/words/words";
import { dataOf, isField } from "./condition_model";
import type { Segment } from "./segment_page";

/** Why somebody is in a segment, or is not: each condition, and whether it holds. */
export function Explain({ segment }: { segment: Segment }) {
  const w = useWords(texts);
  const [person, setPerson] = useState<Person | null>(null);
  return (
    <Card title={w.explain} about={w.explainAbout} className="max-w-3xl">
      <PickContact label={w.contact} value={person} onChange={setPerson} />
      {person && <Explained segment={segment} person={person} />}
    </Card>
  );
}

function Explained({ segment, person }: { segment: Segment; person: Person }) {
  const w = useWords(texts);
  const read = useRead("explain_membership", { uuid: segment.uuid, contact_uuid: person.uuid });
  return (
    <Answer of={read}>
      {(data) => (
        <div className="mt-4">
          <p className="flex items-start gap-2 font-medium">
            <Icon name={data.is_member ? "check" : "close"} className={data.is_member ? "mt-0.5 size-5 shrink-0 text-good" : "mt-0.5 size-5 shrink-0 text-bad"} />
            <span className="min-w-0">
              {data.is_member ? w.isIn(person.email) : w.isNotIn(person.email)}
              {data.entered_at && <span className="ml-2 font-normal whitespace-nowrap text-soft"><Moment at={data.entered_at} /></span>}
            </span>
          </p>
          <ul className="mt-3 divide-y divide-line" aria-label={w.explain}>
            {data.conditions.map((one) => (
              <li key={one.path} className="flex items-start gap-2 py-2 text-sm">
                <Icon name={one.holds ? "check" : "close"} className={one.holds ? "mt-0.5 size-4.5 shrink-0 text-good" : "mt-0.5 size-4.5 shrink-0 text-bad"} />
                <span>{said(one.condition, w)} <span className="sr-only">{one.holds ? w.holds : w.holdsNot}</span></span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Answer>
  );
}

function said(condition: unknown, w: SegmentWords): string {
  const leaf = dataOf(condition);
  const field = String(leaf["field"]);
  const name = isField(field) ? w.fields[field] : field.replace(/^attribute\./, "");
  const value = leaf["value"];
  const rest = ["kind", "state", "days"].filter((one) => leaf[one] !== undefined).map((one) => String(leaf[one])).join(", ");
  return [name, rest && `(${rest})`, w.tests[String(leaf["is"] ?? "at_least")] ?? leaf["is"], value === undefined ? "" : Array.isArray(value) ? value.join(", ") : String(value)].filter(Boolean).join(" ");
}
