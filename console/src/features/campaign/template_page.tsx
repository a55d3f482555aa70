import { useNavigate, useParams } from "@tanstack/react-router";
import { useRef, useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { Button, Buttons } from "~/ui/button";
import { Problems, TextArea, TextField } from "~/ui/field";
import { Answer, Card, Empty } from "~/ui/page";
import { tell } from "~/ui/toast";
import { campaign } from "~/words/campaign";
import { common } from "~/words/common";
import { useWords } from "~/words/words";
import { Marketing } from "./marketing";
import { PickPurpose } from "./pick";
import { Preview } from "./preview";

type Template = OutputOf<"get_mail_template">;

export default function TemplatePage() {
  const w = useWords(campaign);
  const { uuid = "" } = useParams({ strict: false }) as { uuid?: string };
  const isNew = uuid === "new";
  const read = useRead("get_mail_template", { uuid }, { enabled: !isNew });
  return (
    <Marketing title={isNew ? w.newTemplate : read.data?.name ?? w.template} back={{ to: "/marketing/templates", label: w.pages.templates }}>
      {isNew ? <Editor key="new" template={null} /> : <Answer of={read}>{(template) => <Editor key={template.uuid} template={template} />}</Answer>}
    </Marketing>
  );
}

const shown = ["name", "subject", "preheader", "html", "text", "subscription_type_uuid"];
const tags = ["{{ contact.firstname | default: \"there\" }}", "{{ contact.email }}", "{{ contact.credits }}", "{{ voucher.code }}", "{{ company.name }}"];

function Editor({ template }: { template: Template | null }) {
  const w = useWords(campaign);
  const c = useWords(common);
  const navigate = useNavigate();
  const [draft, setDraft] = useState({
    name: template?.name ?? "", subject: template?.subject ?? "", preheader: template?.preheader ?? "", html: template?.html ?? w.firstHtml, text: template?.text ?? "",
    subscription_type_uuid: template?.subscription_type_uuid ?? "",
  });
  const body = useRef<HTMLDivElement>(null);
  const set = (next: Partial<typeof draft>) => setDraft({ ...draft, ...next });
  const create = useWrite("create_mail_template", { onDone: (made) => { tell(c.saved); void navigate({ to: `/marketing/templates/${made.uuid}`, replace: true }); } });
  const update = useWrite("update_mail_template", { onDone: () => tell(c.saved) });
  const error = create.error ?? update.error;
  const submit = () => {
    const input = { ...draft, subscription_type_uuid: draft.subscription_type_uuid || null };
    if (template) update.mutate({ uuid: template.uuid, ...input });
    else create.mutate({ ...input, text: draft.text || null });
  };
  const insert = (tag: string) => {
    const area = body.current?.querySelector("textarea");
    const at = area?.selectionStart ?? draft.html.length;
    set({ html: draft.html.slice(0, at) + tag + draft.html.slice(area?.selectionEnd ?? at) });
    area?.focus();
  };
  const saved = template !== null && draft.html === template.html && draft.subject === template.subject && draft.text === template.text && draft.preheader === template.preheader;
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
      <Card title={w.write}>
        <form noValidate className="flex flex-col gap-4" onSubmit={(event) => { event.preventDefault(); if (!create.isPending && !update.isPending) submit(); }}>
          <TextField label={w.name} hint={w.nameHint} value={draft.name} onChange={(event) => set({ name: event.target.value })} problem={problemOf(error, "name")} />
          <PickPurpose label={w.purpose} hint={w.purposeHint} optional value={draft.subscription_type_uuid} onChange={(value) => set({ subscription_type_uuid: value })} problem={problemOf(error, "subscription_type_uuid")} />
          <TextField label={w.subject} value={draft.subject} onChange={(event) => set({ subject: event.target.value })} problem={problemOf(error, "subject")} />
          <TextField label={w.preheader} hint={w.preheaderHint} optional value={draft.preheader} onChange={(event) => set({ preheader: event.target.value })} problem={problemOf(error, "preheader")} />
          <div ref={body}>
            <TextArea label={w.html} rows={14} spellCheck={false} className="font-mono text-[0.8125rem]" value={draft.html} onChange={(event) => set({ html: event.target.value })} problem={problemOf(error, "html")} />
          </div>
          <div>
            <p className="text-sm font-medium">{w.tags}</p>
            <p className="text-sm text-soft">{w.tagsHint}</p>
            <div className="mt-2 flex flex-wrap gap-1.5">
              {tags.map((tag) => <button key={tag} type="button" onClick={() => insert(tag)} className="rounded-full border border-edge/60 px-2.5 py-0.5 font-mono text-xs hover:bg-sunk">{tag}</button>)}
            </div>
          </div>
          <TextArea label={w.text} hint={w.textHint} optional rows={4} value={draft.text} onChange={(event) => set({ text: event.target.value })} problem={problemOf(error, "text")} />
          <Problems of={otherProblems(error, shown)} />
          <Buttons><Button type="submit" look="primary" busy={create.isPending || update.isPending}>{c.save}</Button></Buttons>
        </form>
      </Card>
      {template ? <Preview uuid={template.uuid} stale={!saved} /> : <Card><Empty icon="mail" title={w.noPreview}>{w.noPreviewAbout}</Empty></Card>}
    </div>
  );
}
