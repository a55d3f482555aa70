import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import { Button, Buttons } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { Problems, TextField } from "~/ui/field";
import { Card, Notice } from "~/ui/page";
import { Secret } from "~/ui/show";
import { tell, tellProblem } from "~/ui/toast";
import { common } from "~/words/common";
import { flow as texts } from "~/words/flow";
import { useWords } from "~/words/words";
import type { WholeFlow } from "./flow_page";
import { dataOf, textOf, withAt } from "./model";
import { PersonaPicker } from "./parameters";

export function SettingsTab({ whole }: { whole: WholeFlow }) {
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      <General whole={whole} />
      {whole.flow.trigger === "webhook" && <Hook whole={whole} />}
      <Delete whole={whole} />
    </div>
  );
}

const shown = ["name", "persona_uuid"];

function General({ whole }: { whole: WholeFlow }) {
  const w = useWords(texts);
  const c = useWords(common);
  const { flow } = whole;
  const limit = dataOf(dataOf(whole.definition)["limit"]);
  const [name, setName] = useState(flow.name);
  const [persona, setPersona] = useState(flow.persona_uuid);
  const [atOnce, setAtOnce] = useState(textOf(limit["at_once"]));
  const [perMinute, setPerMinute] = useState(textOf(limit["starts_per_minute"]));
  const [key, setKey] = useState(textOf(limit["key"]));
  const save = useWrite("update_flow", { onDone: () => tell(c.saved) });
  const number = (text: string) => (text.trim() === "" ? undefined : Number.isFinite(Number(text)) ? Number(text) : text);
  const submit = () => {
    const { at_once: _a, starts_per_minute: _b, key: _c, ...others } = limit;
    const entries = Object.entries({ ...others, key: key || undefined, at_once: number(atOnce), starts_per_minute: number(perMinute) }).filter(([, value]) => value !== undefined);
    const next = entries.length === 0 ? undefined : Object.fromEntries(entries);
    const same = JSON.stringify(next ?? {}) === JSON.stringify(limit);
    save.mutate({ flow_uuid: flow.uuid, name, persona_uuid: persona, ...(same ? {} : { definition: withAt(whole.definition, ["limit"], next) }) });
  };
  return (
    <Card title={w.general}>
      <form noValidate className="flex flex-col gap-4" onSubmit={(event) => { event.preventDefault(); if (!save.isPending) submit(); }}>
        <TextField label={w.flowName} value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(save.error, "name")} />
        <PersonaPicker parameter={{ name: "persona_uuid", label: w.persona, about: w.personaHint, kind: "uuid", value: null, optional: null }}
                       value={persona} onChange={(value) => setPersona(textOf(value))} problem={problemOf(save.error, "persona_uuid")} />
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField label={w.atOnceLimit} hint={w.atOnceHint} optional inputMode="numeric" value={atOnce} onChange={(event) => setAtOnce(event.target.value)} />
          <TextField label={w.perMinute} hint={w.perMinuteHint} optional inputMode="numeric" value={perMinute} onChange={(event) => setPerMinute(event.target.value)} />
        </div>
        <TextField label={w.limitKey} hint={w.limitKeyHint} optional value={key} spellCheck={false} className="font-mono text-sm" onChange={(event) => setKey(event.target.value)} />
        <Problems of={otherProblems(save.error, shown)} />
        <Buttons><Button type="submit" look="primary" busy={save.isPending}>{c.save}</Button></Buttons>
      </form>
    </Card>
  );
}

function Hook({ whole }: { whole: WholeFlow }) {
  const w = useWords(texts);
  const [address, setAddress] = useState("");
  const [asks, setAsks] = useState(false);
  const renew = useWrite("renew_flow_hook", {
    onDone: (made) => {
      setAddress(made.hook_url);
      setAsks(false);
    },
  });
  return (
    <Card title={w.hook} about={w.hookAbout}>
      {address === ""
        ? <Button icon="key" onClick={() => setAsks(true)}>{w.hookRenew}</Button>
        : <Secret text={address} label={w.hook} onHide={() => setAddress("")} />}
      {asks && (
        <FormDialog title={w.hookRenew} action={w.hookRenew} danger busy={renew.isPending} problems={otherProblems(renew.error, [])}
                    onClose={() => setAsks(false)} onSubmit={() => renew.mutate({ flow_uuid: whole.flow.uuid })}>
          <p>{w.hookRenewAsk}</p>
        </FormDialog>
      )}
    </Card>
  );
}

function Delete({ whole }: { whole: WholeFlow }) {
  const w = useWords(texts);
  const navigate = useNavigate();
  const [asks, setAsks] = useState(false);
  const remove = useWrite("delete_flow", {
    onDone: () => {
      tell(w.deleted(whole.flow.name));
      void navigate({ to: "/flows" });
    },
  });
  return (
    <Card title={w.deleteFlow} about={w.deleteAbout}>
      <Button look="danger" icon="trash" onClick={() => setAsks(true)}>{w.deleteFlow}</Button>
      {asks && (
        <FormDialog title={w.deleteAsk(whole.flow.name)} action={w.deleteFlow} danger busy={remove.isPending} problems={otherProblems(remove.error, [])}
                    onClose={() => setAsks(false)} onSubmit={() => remove.mutate({ flow_uuid: whole.flow.uuid }, { onError: tellProblem })}>
          <Notice tone="warn">{w.deleteLost}</Notice>
        </FormDialog>
      )}
    </Card>
  );
}
