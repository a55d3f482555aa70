import { useState } from "react";

import { useSession, type OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { chooseLanguage } from "~/app/language";
import { Button, Buttons } from "~/ui/button";
import { Problems, SelectField, TextField } from "~/ui/field";
import { Answer, Card } from "~/ui/page";
import { Facts } from "~/ui/table";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { settings as texts } from "~/words/settings";
import { languages, useLanguage, useWords, type Language } from "~/words/words";
import { Company } from "./company";

export function ShopSettings() {
  const w = useWords(texts);
  const session = useSession();
  const account = useRead("get_account", {});
  const company = useRead("get_account_settings", {});
  const program = useRead("get_loyalty_program", {});
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <div className="flex flex-col gap-5">
        <Card title={w.program} about={w.programAbout}><Answer of={program}>{(now) => <Program now={now} />}</Answer></Card>
        <Card title={w.language} about={w.languageAbout}><LanguageField /></Card>
      </div>
      <div className="flex flex-col gap-5">
        <Card title={w.companyTitle} about={w.companyAbout}><Answer of={company}>{(now) => <Company now={now} />}</Answer></Card>
        <Card title={w.theShop}>
          <Answer of={account}>
            {(now) => (
              <Facts of={[
                [w.account, <code key="account" className="font-mono text-sm">{session.account}</code>],
                [w.number, String(now.id)],
              ]} />
            )}
          </Answer>
        </Card>
      </div>
    </div>
  );
}

function Program({ now }: { now: OutputOf<"get_loyalty_program"> }) {
  const w = useWords(texts);
  const c = useWords(common);
  const [name, setName] = useState(now.name);
  const [credit, setCredit] = useState(now.custom_credit_name);
  const [most, setMost] = useState(String(now.max_amount));
  const update = useWrite("update_loyalty_program", { onDone: () => tell(c.saved) });
  const problem = (path: string) => problemOf(update.error, path);
  return (
    <form noValidate className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            update.mutate({ name, custom_credit_name: credit, max_amount: Number(most) });
          }}>
      <TextField label={w.programName} value={name} onChange={(event) => setName(event.target.value)} problem={problem("name")} />
      <TextField label={w.creditName} hint={w.creditNameHint} optional value={credit} onChange={(event) => setCredit(event.target.value)} problem={problem("custom_credit_name")} />
      <TextField label={w.maxAmount} inputMode="numeric" value={most} onChange={(event) => setMost(event.target.value)} problem={problem("max_amount")} />
      <Problems of={otherProblems(update.error, ["name", "custom_credit_name", "max_amount"])} />
      <Buttons><Button type="submit" look="primary" busy={update.isPending}>{c.save}</Button></Buttons>
    </form>
  );
}

function LanguageField() {
  const w = useWords(texts);
  const language = useLanguage();
  return (
    <SelectField label={w.language} value={language} onChange={(event) => chooseLanguage(event.target.value as Language)}>
      {Object.entries(languages).map(([id, name]) => <option key={id} value={id} lang={id}>{name}</option>)}
    </SelectField>
  );
}
