// All attributes of a contact, by group: those of the shop can be changed, those of the server are shown.

import { useState } from "react";

import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Problems } from "~/ui/field";
import { Answer, Card } from "~/ui/page";
import { Facts } from "~/ui/table";
import { tell } from "~/ui/toast";
import { contactWords } from "~/words/contact";
import { useFormats } from "~/words/format";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import { AttributeField } from "./attribute_field";
import { attributeOf, isReadOnly, type AttributeDefinition, type Contact } from "./contact";

export function Attributes({ contact }: { contact: Contact }) {
  const attributes = useRead("list_contact_attributes", {});
  return <Answer of={attributes}>{({ attributes: all }) => <Grouped key={contact.uuid} contact={contact} attributes={all} />}</Answer>;
}

function Grouped({ contact, attributes }: { contact: Contact; attributes: AttributeDefinition[] }) {
  const w = useWords(contactWords);
  const [changed, setChanged] = useState<Record<string, string>>({});
  const update = useWrite("update_contact", { onDone: () => { setChanged({}); tell(w.attributesSaved); } });
  const own = attributes.filter((one) => !isReadOnly(one));
  const kept = attributes.filter((one) => isReadOnly(one) && one.name !== "email");
  const groups = [...new Map(own.map((one) => [one.group.id, one.group])).values()].sort((one, other) => one.position - other.position);
  const count = Object.keys(changed).length;
  const set = (name: string, value: string) => {
    const { [name]: _, ...others } = changed;
    setChanged(value === attributeOf(contact, name) ? others : { ...others, [name]: value });
  };
  return (
    <form noValidate className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]"
          onSubmit={(event) => { event.preventDefault(); update.mutate({ contact_uuid: contact.uuid, attributes: changed }); }}>
      <div className="flex flex-col gap-5">
        {groups.map((group) => (
          <Card key={group.id} title={serverIn().say(group.label || group.name)}>
            <div className="grid gap-4 sm:grid-cols-2">
              {pictureLast(own.filter((one) => one.group.id === group.id)).map((one) => (
                <AttributeField key={one.name} attribute={one} value={changed[one.name] ?? attributeOf(contact, one.name)}
                                onChange={(value) => set(one.name, value)} problem={problemOf(update.error, `attributes.${one.name}`)} />
              ))}
            </div>
          </Card>
        ))}
        <Problems of={otherProblems(update.error, own.map((one) => `attributes.${one.name}`))} />
        <div data-foot className="sticky bottom-4 flex items-center justify-end gap-3 rounded-2xl border border-line bg-paper p-3 shadow-sm">
          <p className="mr-auto pl-2 text-sm text-soft" role="status">{w.changedCount(count)}</p>
          <Button disabled={count === 0} onClick={() => setChanged({})}>{w.discard}</Button>
          <Button type="submit" look="primary" disabled={count === 0} busy={update.isPending}>{w.save}</Button>
        </div>
      </div>
      <Card title={w.keptByServer} about={w.keptAbout}>
        <Kept contact={contact} attributes={kept} />
      </Card>
    </form>
  );
}

/** Who it is comes before what they look like. */
function pictureLast(attributes: AttributeDefinition[]): AttributeDefinition[] {
  return [...attributes].sort((one, other) => Number(one.name === "avatar") - Number(other.name === "avatar"));
}

function Kept({ contact, attributes }: { contact: Contact; attributes: AttributeDefinition[] }) {
  const w = useWords(contactWords);
  const f = useFormats();
  const shown = contact.current_display_values as Record<string, string>;
  const said = (one: AttributeDefinition) => {
    const value = attributeOf(contact, one.name);
    if (one.type === "boolean") return value === "true" ? w.yes : w.no;
    if (value === "") return "–";
    if (one.type === "date_time") return f.moment(value);
    if (one.type === "number" || one.type === "float") return f.number(Number(value));
    return w.keptValues[value] ?? (shown[one.name] || value);
  };
  return <Facts of={attributes.map((one) => [serverIn().say(one.label), said(one)])} />;
}
