import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { otherProblems, useRead, useWrite } from "~/api/hooks";
import { Avatar } from "~/features/persona/avatar";
import { Button, Spinner, buttonClass } from "~/ui/button";
import { Problems } from "~/ui/field";
import { Answer, Card, Empty, Page } from "~/ui/page";
import { chat } from "~/words/chat";
import { common } from "~/words/common";
import { useWords } from "~/words/words";
import { Conversations } from "./conversations";

const shownFirst = 8;

function Start() {
  const w = useWords(chat);
  const c = useWords(common);
  const [limit, setLimit] = useState(shownFirst);
  const navigate = useNavigate();
  const personas = useRead("list_personas", {});
  const start = useWrite("start_conversation", { onDone: (made) => void navigate({ to: `/chat/${made.uuid}` }) });
  return (
    <Answer of={personas}>
      {({ personas: all }) => all.length === 0
        ? (
          <Card>
            <Empty icon="persona" title={w.noPersonas} action={<Link to="/personas" className={buttonClass("primary")}>{w.makePersona}</Link>}>{w.noPersonasAbout}</Empty>
          </Card>
        )
        : (
          <div className="flex flex-col gap-3">
            <Problems of={otherProblems(start.error, [])} />
            <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
              {all.toSorted((a, b) => a.state.localeCompare(b.state)).slice(0, limit).map((one) => {
                const stopped = one.state === "stopped";
                const busy = start.isPending && start.variables.persona_uuid === one.uuid;
                return (
                  <li key={one.uuid} className="flex">
                    <button type="button" disabled={stopped || start.isPending} onClick={() => start.mutate({ persona_uuid: one.uuid })}
                            className="flex w-full items-center gap-3 rounded-2xl border border-line bg-paper px-4 py-3 text-left transition enabled:hover:border-pink/60 enabled:hover:bg-blush/40">
                      <Avatar avatar={one.avatar} name={one.name} off={stopped} />
                      <span className="min-w-0 grow">
                        <span className="block truncate font-medium">{one.name}</span>
                        <span className="block truncate text-sm text-soft">{stopped ? w.stoppedPersona : w.tools(one.grants.length)}</span>
                      </span>
                      {busy && <Spinner />}
                    </button>
                  </li>
                );
              })}
            </ul>
            {all.length > limit && <p className="text-center"><Button look="quiet" onClick={() => setLimit(limit * 4)}>{c.more}</Button></p>}
          </div>
        )}
    </Answer>
  );
}

export default function ChatStart() {
  const w = useWords(chat);
  return (
    <Page title={w.title} about={w.startAbout}>
      <section aria-label={w.startTitle} className="mb-6"><h2 className="mb-3 font-semibold">{w.startTitle}</h2><Start /></section>
      <Card flush title={w.conversations}><div className="pt-1"><Conversations /></div></Card>
    </Page>
  );
}
