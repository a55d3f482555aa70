// What people sent in. It comes from anybody, and is text.

import { Link } from "@tanstack/react-router";
import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { usePages, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Dialog } from "~/ui/dialog";
import { Filter } from "~/ui/field";
import { Answer, Badge, Card, Empty, Notice } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Facts, Table } from "~/ui/table";
import { tell, tellProblem } from "~/ui/toast";
import { common } from "~/words/common";
import { formWords } from "~/words/form";
import { useFormats } from "~/words/format";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import type { Form } from "./form_draft";

type Submission = OutputOf<"list_form_submissions">["submissions"][number];

/** Under the labels that the form's fields have now. */
function useAnswers(form: Form): (submission: Submission) => [label: string, answer: string][] {
  const c = useWords(common);
  const said = (value: unknown) => {
    if (typeof value === "boolean") return value ? c.yes : c.no;
    return Array.isArray(value) ? value.join(", ") : value === null || value === undefined ? "–" : String(value);
  };
  const labelOf = (name: string) => form.fields.find((one) => one.name === name)?.label || name;
  return (submission) => Object.entries((submission.answers ?? {}) as Record<string, unknown>).map(([name, value]) => [labelOf(name), said(value)]);
}

export function Submissions({ form }: { form: Form }) {
  const w = useWords(formWords);
  const c = useWords(common);
  const f = useFormats();
  const answersOf = useAnswers(form);
  const [state, setState] = useState<Submission["state"] | "">("");
  const [opened, setOpened] = useState<string | null>(null);
  const list = usePages("list_form_submissions", { form_uuid: form.uuid, limit: 50, page: 1, ...(state ? { state } : {}) }, {
    rows: (page) => page.submissions,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  const total = list.data?.pages[0]?.page.total;
  const shown = list.rows.find((one) => one.uuid === opened);
  return (
    <Card flush title={total === undefined ? w.submissions : w.count(f.number(total), total)}
          actions={(
            <Filter label={c.state} value={state} onChange={(event) => setState(event.target.value as Submission["state"] | "")}>
              <option value="">{c.allStates}</option>
              <option value="completed">{w.submissionStates.completed}</option>
              <option value="spam">{w.submissionStates.spam}</option>
            </Filter>
          )}>
      <Answer of={list}>
        {() => (
          <Table label={w.submissions} rows={list.rows} keyOf={(one) => one.uuid} onOpen={(one) => setOpened(one.uuid)}
                 empty={<Empty icon="form" title={w.noSubmissions}>{w.noSubmissionsAbout}</Empty>}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 columns={[
                   { name: w.from, cell: (one) => one.contact?.email ?? answersOf(one)[0]?.[1] ?? "–" },
                   { name: w.answers, className: "text-soft", cell: (one) => <span className="line-clamp-2">{answersOf(one).map(([label, answer]) => `${label}: ${answer}`).join(" · ") || "–"}</span> },
                   { name: c.state, cell: (one) => <Badge tone={one.state === "spam" ? "warn" : "good"}>{w.submissionStates[one.state]}</Badge> },
                   { name: w.when, className: "sm:whitespace-nowrap", cell: (one) => <Moment at={one.created_at} /> },
                 ]} />
        )}
      </Answer>
      {shown && <Opened submission={shown} form={form} onClose={() => setOpened(null)} />}
    </Card>
  );
}

function Opened({ submission, form, onClose }: { submission: Submission; form: Form; onClose: () => void }) {
  const w = useWords(formWords);
  const f = useFormats();
  const answersOf = useAnswers(form);
  const input = { submission_uuid: submission.uuid };
  const spam = useWrite("mark_submission_spam", { onDone: () => tell(w.isSpam) });
  const good = useWrite("mark_submission_not_spam", { onDone: () => tell(w.isNoSpam) });
  const resend = useWrite("resend_form_confirmation", { onDone: () => tell(w.resent) });
  const consents = form.fields.some((one) => one.type === "consent");
  return (
    <Dialog title={w.submission} wide onClose={onClose}>
      <div className="flex flex-col gap-4">
        {submission.state === "spam" && <Notice tone="warn">{w.spamBecause(serverIn().say(submission.spam_reason))}</Notice>}
        <Facts of={[
          [w.when, f.exact(submission.created_at)],
          [w.contact, submission.contact ? <Link key="to" to={`/contacts/${submission.contact.uuid}`} className="font-medium text-pink hover:underline">{submission.contact.email}</Link> : "–"],
          [w.answeredVersion, String(submission.version)],
        ]} />
        <div className="border-t border-line pt-4"><Facts of={answersOf(submission).map(([label, answer], at) => [label, <span key={at} className="whitespace-pre-line">{answer}</span>])} /></div>
        {submission.state === "spam" && <p className="text-sm text-soft">{w.notSpamAbout}</p>}
        <div className="flex flex-wrap justify-end gap-3">
          {submission.state === "completed" && consents && <Button icon="mail" busy={resend.isPending} onClick={() => resend.mutate(input, { onError: tellProblem })}>{w.resend}</Button>}
          {submission.state === "completed"
            ? <Button look="danger" busy={spam.isPending} onClick={() => spam.mutate(input, { onError: tellProblem })}>{w.markSpam}</Button>
            : <Button look="primary" busy={good.isPending} onClick={() => good.mutate(input, { onError: tellProblem })}>{w.markNotSpam}</Button>}
        </div>
      </div>
    </Dialog>
  );
}
