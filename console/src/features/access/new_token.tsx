import { useState } from "react";

import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { FormDialog } from "~/ui/dialog";
import { SelectField, TextField } from "~/ui/field";
import { access as texts } from "~/words/access";
import { useWords } from "~/words/words";
import { Choices } from "./choices";
import { ScopePicker } from "./scopes";
import { ShownToken } from "./token_dialogs";
import type { Token } from "./tokens";

const kinds: Token["kind"][] = ["client", "register", "mcp"];
const shown = ["name", "kind", "scopes", "expires", "shop_uuid", "rotate_every_days"];

export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const w = useWords(texts);
  const [kind, setKind] = useState<Token["kind"]>("client");
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>();
  const [expires, setExpires] = useState("");
  const [days, setDays] = useState("");
  const [shop, setShop] = useState("");
  const create = useWrite("create_account_token");
  if (create.data) return <ShownToken name={name || w.kinds[kind]} token={create.data.token} onClose={onClose} />;
  const options = (of: Record<string, string>) => Object.entries(of).map(([value, label]) => <option key={value} value={value}>{label}</option>);
  return (
    <FormDialog title={w.newToken} action={w.newToken} wide busy={create.isPending} disabled={scopes?.length === 0} onClose={onClose} problems={otherProblems(create.error, shown)}
                onSubmit={() => create.mutate({
                  kind, name: name || null, scopes: scopes ?? null, expires: expires || null, rotate_every_days: days ? Number(days) : null,
                  shop_uuid: kind === "register" && shop ? shop : null,
                })}>
      <TextField label={w.tokenName} autoFocus autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(create.error, "name")} />
      <Choices label={w.kind} chosen={kind} onChoose={setKind} choices={kinds.map((id) => ({ id, label: w.kinds[id], about: w.kindsAbout[id] }))} />
      {kind === "register" && <ShopField value={shop} onChange={setShop} problem={problemOf(create.error, "shop_uuid")} />}
      <ScopePicker chosen={scopes} onChoose={setScopes} problem={problemOf(create.error, "scopes")} />
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField label={w.expiry} value={expires} onChange={(event) => setExpires(event.target.value)} problem={problemOf(create.error, "expires")}>{options(w.expiries)}</SelectField>
        <SelectField label={w.rotation} value={days} onChange={(event) => setDays(event.target.value)} problem={problemOf(create.error, "rotate_every_days")}>{options(w.rotations)}</SelectField>
      </div>
    </FormDialog>
  );
}

function ShopField({ value, onChange, problem }: { value: string; onChange: (value: string) => void; problem: string | undefined }) {
  const w = useWords(texts);
  const shops = useRead("list_shops", {});
  return (
    <SelectField label={w.whichShop} value={value} onChange={(event) => onChange(event.target.value)} problem={problem}>
      <option value="">{w.firstShop}</option>
      {shops.data?.shops.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
    </SelectField>
  );
}
