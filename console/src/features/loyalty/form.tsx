// One form: what it asks, how it stands on a page, and what came in.

import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { otherProblems, useRead, useWrite } from "~/api/hooks";
import { Button, IconButton, buttonClass } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { Filter } from "~/ui/field";
import { Icon } from "~/ui/icon";
import { Menu } from "~/ui/menu";
import { Answer, Badge, Card, Notice } from "~/ui/page";
import { Copyable } from "~/ui/show";
import { Tabs } from "~/ui/tabs";
import { tell, tellProblem } from "~/ui/toast";
import { common } from "~/words/common";
import { formWords } from "~/words/form";
import { languages, useLanguage, useWords, type Language } from "~/words/words";
import { FormBuilder } from "./form_builder";
import type { Form } from "./form_draft";
import { formTones } from "./forms";
import { LoyaltyPage } from "./frame";
import { Submissions } from "./submissions";

export default function FormPage() {
  const w = useWords(formWords);
  const { uuid = "" } = useParams({ strict: false }) as { uuid?: string };
  const form = useRead("get_form", { form_uuid: uuid });
  if (form.data) return <Shown form={form.data} />;
  return (
    <LoyaltyPage title={w.form} back={{ to: "/loyalty/forms", label: w.forms }}>
      <Card><Answer of={form}>{() => null}</Answer></Card>
    </LoyaltyPage>
  );
}

function Shown({ form }: { form: Form }) {
  const w = useWords(formWords);
  const c = useWords(common);
  const navigate = useNavigate();
  const { tab } = useSearch({ strict: false }) as { tab?: string };
  const [binning, setBinning] = useState(false);
  const update = useWrite("update_form", { onDone: (now) => tell(now.status === "PUBLISHED" ? w.published : w.unpublished) });
  const set = (status: "DRAFT" | "PUBLISHED") => update.mutate({ form_uuid: form.uuid, status }, { onError: tellProblem });
  const tabs = [
    // Another version of it, saved here or elsewhere, begins the builder anew.
    { id: "build", label: w.build, content: <FormBuilder key={`${form.uuid} ${form.version}`} form={form} /> },
    { id: "snippet", label: w.embed, content: <Snippet form={form} /> },
    { id: "submissions", label: w.submissions, content: <Submissions form={form} /> },
  ];
  return (
    <LoyaltyPage title={form.name} back={{ to: "/loyalty/forms", label: w.forms }}
                 about={<span className="inline-flex flex-wrap items-center gap-2"><Badge tone={formTones[form.status]}>{w.states[form.status]}</Badge>{w.types[form.type]} · {w.version(form.version)}</span>}
                 actions={(
                   <>
                     {form.status === "PUBLISHED" && <a href={form.url} target="_blank" rel="noreferrer" className={buttonClass()}><Icon name="external" />{w.openPage}</a>}
                     {form.status === "PUBLISHED"
                       ? <Button busy={update.isPending} onClick={() => set("DRAFT")}>{w.unpublish}</Button>
                       : <Button look="primary" busy={update.isPending} onClick={() => set("PUBLISHED")}>{w.publish}</Button>}
                     <Menu items={[
                       form.status === "BIN"
                         ? { label: w.restore, icon: "undo", onSelect: () => set("DRAFT") }
                         : { label: w.bin, icon: "trash", danger: true, onSelect: () => setBinning(true) },
                     ]}>
                       <IconButton icon="more" label={c.actions} className="size-10 border border-edge/60 bg-paper text-ink" />
                     </Menu>
                   </>
                 )}>
      <Tabs label={form.name} tabs={tabs} chosen={tabs.some((one) => one.id === tab) ? tab! : "build"}
            onChoose={(id) => void navigate({ to: `/loyalty/forms/${form.uuid}`, search: { tab: id } as never, replace: true, resetScroll: false })} />
      {binning && <Bin form={form} onClose={() => setBinning(false)} />}
    </LoyaltyPage>
  );
}

function Bin({ form, onClose }: { form: Form; onClose: () => void }) {
  const w = useWords(formWords);
  const remove = useWrite("delete_form", { onDone: () => { tell(w.binned); onClose(); } });
  return (
    <FormDialog title={w.bin} action={w.bin} danger busy={remove.isPending} onClose={onClose} problems={otherProblems(remove.error, [])} onSubmit={() => remove.mutate({ form_uuid: form.uuid })}>
      <p>{w.binAbout}</p>
    </FormDialog>
  );
}

function Snippet({ form }: { form: Form }) {
  const w = useWords(formWords);
  const open = form.status === "PUBLISHED" && form.type === "PUBLIC";
  const [language, setLanguage] = useState<Language>(useLanguage());
  const snippet = useRead("get_form_snippet", { form_uuid: form.uuid, language }, { enabled: open });
  if (!open) return <Card><Notice>{form.type === "PRIVATE" ? w.snippetPrivate : w.snippetDraft}</Notice></Card>;
  return (
    <Card title={w.embed} about={w.embedAbout}
          actions={(
            <Filter label={w.formLanguage} value={language} onChange={(event) => setLanguage(event.target.value as Language)}>
              {Object.entries(languages).map(([code, name]) => <option key={code} value={code}>{name}</option>)}
            </Filter>
          )}>
      <Answer of={snippet}>
        {(of) => (
          <div className="flex flex-col gap-4">
            <div><p className="mb-1 text-sm font-medium">{w.pageAddress}</p><Copyable text={form.url} label={w.pageAddress} /></div>
            <div><p className="mb-1 text-sm font-medium">{w.snippet}</p><Copyable text={of.html} label={w.snippet} /></div>
            <div><p className="mb-1 text-sm font-medium">{w.submitAddress}</p><Copyable text={of.submit_url} label={w.submitAddress} /></div>
          </div>
        )}
      </Answer>
    </Card>
  );
}
