// Two contacts of one person become one. Both are laid side by side first, and what would happen.

import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { otherProblems, useRead, useRehearsal, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Dialog, FormDialog } from "~/ui/dialog";
import { CheckField } from "~/ui/field";
import { Answer, Loading, Notice } from "~/ui/page";
import { Effect } from "~/ui/show";
import { tell } from "~/ui/toast";
import { contactWords } from "~/words/contact";
import { useFormats } from "~/words/format";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import { attributeOf, isReadOnly, type Contact, type FoundContact } from "./contact";
import { useGone } from "./gone";
import { ContactPicker } from "./search";

export function MergeDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const w = useWords(contactWords);
  const [other, setOther] = useState<FoundContact | null>(null);
  const read = useRead("get_contact", { contact_uuid: other?.uuid ?? "" }, { enabled: other !== null });
  if (other && read.data) return <Preview one={contact} other={read.data} onBack={() => setOther(null)} onClose={onClose} />;
  return (
    <Dialog title={w.merge} onClose={onClose} wide>
      <p className="mb-4">{w.mergeAbout}</p>
      <ContactPicker label={w.mergeWith} chosen={other} onChoose={setOther} except={contact.uuid} />
      {other && <Answer of={read}>{() => null}</Answer>}
    </Dialog>
  );
}

function Preview({ one, other, onBack, onClose }: { one: Contact; other: Contact; onBack: () => void; onClose: () => void }) {
  const w = useWords(contactWords);
  const navigate = useNavigate();
  const [swapped, setSwapped] = useState(false);
  const [sure, setSure] = useState(false);
  const stays = swapped ? other : one;
  const goes = swapped ? one : other;
  const input = { source_contact_uuid: goes.uuid, destination_contact_uuid: stays.uuid };
  const rehearsal = useRehearsal("merge_contacts");
  const { mutate } = rehearsal;
  useEffect(() => mutate({ source_contact_uuid: goes.uuid, destination_contact_uuid: stays.uuid }), [mutate, goes.uuid, stays.uuid]);
  const merge = useWrite("merge_contacts");
  useGone(goes.uuid, merge.isSuccess, () => {
    tell(w.merged);
    onClose();
    void navigate({ to: `/contacts/${stays.uuid}` });
  });
  if (merge.isSuccess) {
    return (
      <Dialog title={w.merge} onClose={onClose}>
        <Loading />
        <p className="text-center text-soft">{w.merging(goes.email, stays.email)}</p>
      </Dialog>
    );
  }
  return (
    <FormDialog title={w.merge} action={w.mergeNow} danger wide busy={merge.isPending} disabled={!sure || !rehearsal.data} onClose={onClose}
                problems={otherProblems(merge.error ?? rehearsal.error, [])} onSubmit={() => merge.mutate(input)}>
      <Sides stays={stays} goes={goes} />
      <div className="flex flex-wrap gap-2">
        <Button small icon="retry" onClick={() => { setSwapped(!swapped); setSure(false); }}>{w.swap}</Button>
        <Button small onClick={onBack}>{w.chooseOther}</Button>
      </div>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
      <Notice tone="bad">
        <p className="font-semibold">{w.cannotUndo}</p>
        <ul className="mt-1 list-disc pl-4">{w.mergeLosses(goes.email).split("\n").map((line) => <li key={line}>{line}</li>)}</ul>
      </Notice>
      <CheckField label={w.mergeSure} checked={sure} onChange={(event) => setSure(event.target.checked)} />
    </FormDialog>
  );
}

/** What both have, field by field, and which of it remains. */
function Sides({ stays, goes }: { stays: Contact; goes: Contact }) {
  const w = useWords(contactWords);
  const f = useFormats();
  const fields = stays.attributes.map((each) => each.attribute).filter((each) => !isReadOnly(each))
    .map((each) => ({ label: serverIn().say(each.label), kept: attributeOf(stays, each.name), lost: attributeOf(goes, each.name) }))
    .filter((each) => each.kept !== "" || each.lost !== "");
  const strong = "font-medium";
  const struck = "text-soft line-through decoration-edge";
  return (
    <div className="rounded-xl border border-line">
      <table className="w-full table-fixed text-left text-sm" aria-label={w.sideBySide}>
        <thead className="bg-sunk/50 text-soft">
          <tr>
            <th scope="col" className="w-1/4 px-2 py-2 break-words sm:px-3 font-medium">{w.field}</th>
            <th scope="col" className="px-2 py-2 break-words sm:px-3 font-medium">{w.stays}</th>
            <th scope="col" className="px-2 py-2 break-words sm:px-3 font-medium">{w.goes}</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          <tr>
            <th scope="row" className="px-2 py-2 break-words sm:px-3 font-normal text-soft">{w.email}</th>
            <td className={`px-2 py-2 break-words sm:px-3 ${strong}`}>{stays.email}</td>
            <td className={`px-2 py-2 break-words sm:px-3 ${struck}`}>{goes.email}</td>
          </tr>
          <tr>
            <th scope="row" className="px-2 py-2 break-words sm:px-3 font-normal text-soft">{w.credits}</th>
            <td className={`px-2 py-2 break-words sm:px-3 ${strong}`}>{f.number(stays.credit_balance.balance)}</td>
            <td className={`px-2 py-2 break-words sm:px-3 ${strong}`}>{goes.credit_balance.balance < 0 ? "" : "+"}{f.number(goes.credit_balance.balance)}</td>
          </tr>
          <tr>
            <th scope="row" className="px-2 py-2 break-words sm:px-3 font-normal text-soft">{w.tier}</th>
            <td className="px-2 py-2 break-words sm:px-3">{stays.tier?.name ?? "–"}</td>
            <td className="px-2 py-2 break-words sm:px-3">{goes.tier?.name ?? "–"}</td>
          </tr>
          {fields.map((each) => (
            <tr key={each.label}>
              <th scope="row" className="px-2 py-2 break-words sm:px-3 font-normal text-soft">{each.label}</th>
              <td className={`px-2 py-2 break-words sm:px-3 ${strong}`}>{each.kept || "–"}</td>
              <td className={`px-2 py-2 break-words sm:px-3 ${each.kept !== "" && each.lost !== "" && each.kept !== each.lost ? struck : strong}`}>{each.lost || "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
