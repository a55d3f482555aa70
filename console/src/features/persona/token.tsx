import { useState } from "react";

import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import { Dialog, FormDialog } from "~/ui/dialog";
import { SelectField, TextField } from "~/ui/field";
import { Day, Secret } from "~/ui/show";
import { Facts } from "~/ui/table";
import { common } from "~/words/common";
import { persona } from "~/words/persona";
import { useWords } from "~/words/words";
import { Button, Buttons } from "~/ui/button";
import type { Persona } from "./tools";

const ends = [7, 30, 90, 365];
const rotations = [0, 30, 90];

/** Makes a token for a client, and shows it this once. */
export function MakeToken({ of, onClose }: { of: Persona; onClose: () => void }) {
  const w = useWords(persona);
  const c = useWords(common);
  const [name, setName] = useState("");
  const [days, setDays] = useState(90);
  const [rotate, setRotate] = useState(0);
  const [hidden, setHidden] = useState(false);
  const make = useWrite("create_persona_token");
  if (make.data) {
    return (
      <Dialog title={w.token}>
        <div className="flex flex-col gap-4">
          {!hidden && <Secret text={make.data.token} label={w.token} onHide={() => setHidden(true)} />}
          <Facts of={[[w.address, make.data.url], [w.tokenEnds, <Day at={make.data.expires_at} />]]} />
        </div>
        <Buttons><Button look="primary" onClick={() => { make.reset(); onClose(); }}>{c.done}</Button></Buttons>
      </Dialog>
    );
  }
  return (
    <FormDialog title={w.makeToken} action={c.create} busy={make.isPending} problems={otherProblems(make.error, ["name", "expires_in_days", "rotate_every_days"])} onClose={onClose}
                onSubmit={() => make.mutate({
                  persona_uuid: of.uuid, ...(name.trim() ? { name: name.trim() } : {}),
                  ...(rotate > 0 ? { rotate_every_days: rotate } : { expires_in_days: days }),
                })}>
      <TextField label={w.tokenName} optional placeholder={w.tokenNameExample} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(make.error, "name")} />
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField label={w.rotateEvery} value={rotate} onChange={(event) => setRotate(Number(event.target.value))} problem={problemOf(make.error, "rotate_every_days")}>
          {rotations.map((one) => <option key={one} value={one}>{one === 0 ? w.never : w.days(one)}</option>)}
        </SelectField>
        {rotate === 0 && (
          <SelectField label={w.expiresIn} value={days} onChange={(event) => setDays(Number(event.target.value))} problem={problemOf(make.error, "expires_in_days")}>
            {ends.map((one) => <option key={one} value={one}>{w.days(one)}</option>)}
          </SelectField>
        )}
      </div>
    </FormDialog>
  );
}
