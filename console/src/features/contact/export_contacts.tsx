// All contacts into a file, a page at a time, so that a million of them neither block the page nor the
// server.

import { useEffect, useRef, useState } from "react";

import { piggy } from "~/api/client";
import { useRead } from "~/api/hooks";
import { Button, Buttons } from "~/ui/button";
import { csvOf, keepFile } from "~/ui/csv";
import { Dialog } from "~/ui/dialog";
import { Answer, Failed, Notice } from "~/ui/page";
import { common } from "~/words/common";
import { contactWords } from "~/words/contact";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import type { AttributeDefinition, Contact } from "./contact";
import { Progress } from "./progress";

const pageSize = 100; // The most that the server gives at once.

function rowOf(contact: Contact, attributes: AttributeDefinition[]): unknown[] {
  const values = new Map(contact.attributes.map((one) => [one.attribute.name, one.value]));
  return [contact.uuid, contact.email, contact.credit_balance.balance, contact.tier?.name ?? "",
          ...attributes.map((one) => values.get(one.name) ?? "")];
}

interface State {
  phase: "running" | "done" | "stopped" | "failed";
  done: number;
  total: number;
  error?: unknown;
}

function Export({ attributes, onClose }: { attributes: AttributeDefinition[]; onClose: () => void }) {
  const w = useWords(contactWords);
  const c = useWords(common);
  const f = useFormats();
  const stop = useRef<AbortController>(null);
  const [state, setState] = useState<State | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const run = async () => {
    const controller = new AbortController();
    stop.current = controller;
    const names = ["uuid", "email", "credits", "tier", ...attributes.map((one) => one.name)];
    const parts = [csvOf(names, [])];
    let done = 0;
    let total = 0;
    setState({ phase: "running", done, total });
    try {
      for (let page = 1; page === 1 || done < total; page++) {
        // Oldest first: who comes meanwhile is at the end, and no page shifts.
        const got = await piggy.call("list_contacts", { page, limit: pageSize, sort: "created_at" }, { signal: controller.signal });
        if (got.contacts.length === 0) break;
        parts.push(csvOf([], got.contacts.map((one) => rowOf(one, attributes))).slice(2));
        done += got.contacts.length;
        total = got.page.total;
        setState({ phase: "running", done, total });
      }
      keepFile("contacts.csv", parts.join(""));
      setState({ phase: "done", done, total });
    } catch (error) {
      setState(controller.signal.aborted ? { phase: "stopped", done, total } : { phase: "failed", done, total, error });
    }
  };

  const busy = state?.phase === "running";
  return (
    <>
      <p>{w.exportAbout(attributes.length)}</p>
      {state && (
        <div className="mt-4">
          <Progress label={w.exporting} done={state.done} total={state.total} said={w.ofContacts(f.number(state.done), f.number(state.total))} />
        </div>
      )}
      {state?.phase === "failed" && <Failed error={state.error} />}
      {state?.phase === "stopped" && <div className="mt-4"><Notice tone="warn">{w.exportStopped}</Notice></div>}
      {state?.phase === "done" && <div className="mt-4"><Notice tone="good">{w.exportDone}</Notice></div>}
      <Buttons>
        {busy
          ? <Button icon="stop" onClick={() => stop.current?.abort()}>{w.stop}</Button>
          : <Button onClick={onClose}>{c.close}</Button>}
        <Button look="primary" icon="download" busy={busy} onClick={() => void run()}>{state?.phase === "failed" || state?.phase === "stopped" ? c.tryAgain : w.export}</Button>
      </Buttons>
    </>
  );
}

export function ExportContacts({ onClose }: { onClose: () => void }) {
  const w = useWords(contactWords);
  const attributes = useRead("list_contact_attributes", {});
  return (
    <Dialog title={w.exportTitle} onClose={onClose}>
      <Answer of={attributes}>
        {({ attributes: all }) => <Export attributes={all.filter((one) => one.name !== "email" && one.name !== "tier" && one.name !== "loyalty_balance")} onClose={onClose} />}
      </Answer>
    </Dialog>
  );
}
