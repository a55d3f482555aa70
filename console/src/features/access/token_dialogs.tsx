import { useState } from "react";

import { otherProblems, useWrite } from "~/api/hooks";
import { Button, Buttons } from "~/ui/button";
import { Dialog, FormDialog } from "~/ui/dialog";
import { SelectField } from "~/ui/field";
import { Secret } from "~/ui/show";
import { tell } from "~/ui/toast";
import { access as texts } from "~/words/access";
import { common } from "~/words/common";
import { useWords } from "~/words/words";
import type { Token } from "./tokens";

/** A token, this once. */
export function ShownToken({ name, token, onClose }: { name: string; token: string; onClose: () => void }) {
  const w = useWords(texts);
  const c = useWords(common);
  return (
    <Dialog title={w.tokenOf(name)}>
      <Secret text={token} label={w.tokenMade} onHide={onClose} />
      <Buttons><Button look="primary" onClick={onClose}>{c.done}</Button></Buttons>
    </Dialog>
  );
}

export function RotateTokenDialog({ token, onClose }: { token: Token; onClose: () => void }) {
  const w = useWords(texts);
  const [hours, setHours] = useState("24");
  const rotate = useWrite("rotate_token");
  const name = token.name || w.kinds[token.kind];
  if (rotate.data) return <ShownToken name={name} token={rotate.data.token} onClose={onClose} />;
  return (
    <FormDialog title={w.rotateTitle(name)} action={w.rotate} busy={rotate.isPending} onClose={onClose} problems={otherProblems(rotate.error, [])}
                onSubmit={() => rotate.mutate({ token_uuid: token.uuid, overlap_hours: Number(hours) })}>
      <p>{w.rotateAbout}</p>
      <SelectField label={w.overlap} value={hours} onChange={(event) => setHours(event.target.value)}>
        {Object.entries(w.overlaps).map(([value, label]) => <option key={value} value={value}>{label}</option>)}
      </SelectField>
    </FormDialog>
  );
}

export function RevokeTokenDialog({ token, onClose }: { token: Token; onClose: () => void }) {
  const w = useWords(texts);
  const revoke = useWrite("revoke_account_token", {
    onDone: () => {
      tell(w.tokenRevoked);
      onClose();
    },
  });
  return (
    <FormDialog title={w.revokeTokenTitle(token.name || w.kinds[token.kind])} action={w.revoke} danger busy={revoke.isPending} onClose={onClose} problems={otherProblems(revoke.error, [])}
                onSubmit={() => revoke.mutate({ token_uuid: token.uuid })}>
      <p>{w.revokeTokenAbout}</p>
    </FormDialog>
  );
}
