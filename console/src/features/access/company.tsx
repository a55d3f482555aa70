import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import { Button, Buttons } from "~/ui/button";
import { Problems, TextField } from "~/ui/field";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { settings as texts } from "~/words/settings";
import { useWords } from "~/words/words";

const zones = "time-zones";
const fields = ["company", "time_zone", "currency"] as const;

/** What the account says of itself. */
export function Company({ now }: { now: OutputOf<"get_account_settings"> }) {
  const w = useWords(texts);
  const c = useWords(common);
  const [company, setCompany] = useState(now.company);
  const [zone, setZone] = useState(now.time_zone);
  const [currency, setCurrency] = useState(now.currency);
  const update = useWrite("update_account_settings", { onDone: () => tell(c.saved) });
  return (
    <form noValidate className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            update.mutate({ company, time_zone: zone, currency });
          }}>
      <TextField label={w.companyName} autoComplete="organization" value={company} onChange={(event) => setCompany(event.target.value)} problem={problemOf(update.error, "company")} />
      <TextField label={w.timeZone} hint={w.timeZoneHint} list={zones} autoComplete="off" value={zone} onChange={(event) => setZone(event.target.value)} problem={problemOf(update.error, "time_zone")} />
      <datalist id={zones}>{Intl.supportedValuesOf("timeZone").map((one) => <option key={one} value={one} />)}</datalist>
      <TextField label={w.currency} hint={w.currencyHint} autoComplete="off" maxLength={3} value={currency} onChange={(event) => setCurrency(event.target.value.toUpperCase())} problem={problemOf(update.error, "currency")} />
      <Problems of={otherProblems(update.error, fields)} />
      <Buttons><Button type="submit" look="primary" busy={update.isPending}>{c.save}</Button></Buttons>
    </form>
  );
}
