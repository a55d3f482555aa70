import { useState } from "react";

import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import type { FoundContact } from "~/features/contact/contact";
import { ContactPicker } from "~/features/contact/search";
import { FormDialog } from "~/ui/dialog";
import { TextField } from "~/ui/field";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { useWords } from "~/words/words";
import { voucherWords } from "~/words/voucher";
import { fromLocal } from "./number";

export function NewVoucher({ promotion, onClose }: { promotion: string; onClose: () => void }) {
  const w = useWords(voucherWords);
  const c = useWords(common);
  const [code, setCode] = useState("");
  const [ends, setEnds] = useState("");
  const [contact, setContact] = useState<FoundContact | null>(null);
  const create = useWrite("create_voucher", { onDone: (made) => { tell(w.voucherMade(made.code)); onClose(); } });
  return (
    <FormDialog title={w.newVoucher} action={c.create} busy={create.isPending} onClose={onClose} problems={otherProblems(create.error, ["code", "expiration_date", "contact_uuid"])}
                onSubmit={() => create.mutate({
                  promotion_uuid: promotion, ...(code.trim() ? { code: code.trim() } : {}), ...(contact ? { contact_uuid: contact.uuid } : {}),
                  ...(ends ? { expiration_date: fromLocal(ends)! } : {}),
                })}>
      <TextField label={w.code} hint={w.codeHint} optional autoFocus className="font-mono" spellCheck={false} value={code} onChange={(event) => setCode(event.target.value)} problem={problemOf(create.error, "code")} />
      <TextField label={w.goodUntil} optional type="datetime-local" value={ends} onChange={(event) => setEnds(event.target.value)} problem={problemOf(create.error, "expiration_date")} />
      <ContactPicker label={w.forWhom} optional hint={w.forWhomHint} chosen={contact} onChoose={setContact} problem={problemOf(create.error, "contact_uuid")} />
    </FormDialog>
  );
}
