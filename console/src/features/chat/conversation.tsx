import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, useRead, useWrite } from "~/api/hooks";
import { useSomebody } from "~/features/contact/somebody";
import { Avatar } from "~/features/persona/avatar";
import { Button } from "~/ui/button";
import { Problems } from "~/ui/field";
import { Icon } from "~/ui/icon";
import { Answer, Notice } from "~/ui/page";
import { tellProblem } from "~/ui/toast";
import { chat } from "~/words/chat";
import { shortName } from "~/words/server";
import { useWords } from "~/words/words";
import { Composer } from "./composer";
import { Conversations } from "./conversations";
import { Log } from "./log";
import { isThinking, itemsOf } from "./messages";
import { useStream } from "./stream";

type Conversation = OutputOf<"get_conversation">;

/** What is proposed is what its tools can answer. */
function Beginning({ name, avatar, grants, onTry }: { name: string; avatar: string | undefined; grants: string[]; onTry: (text: string) => void }) {
  const w = useWords(chat);
  const contact = useSomebody();
  const promotion = useRead("list_promotions", { limit: 1 }).data?.promotions[0]?.name;
  const all: Record<string, string | undefined> = {
    get_contact_credit_balance: contact && w.examples.balance(contact),
    list_perks: w.examples.perks,
    create_vouchers_batch: promotion && w.examples.vouchers(promotion),
  };
  const examples = Object.entries(all).flatMap(([tool, text]) => (text && grants.some((one) => shortName(one) === tool) ? [text] : []));
  return (
    <div className="flex min-h-0 grow flex-col overflow-y-auto p-6">
      <div className="m-auto flex max-w-md flex-col items-center text-center">
        <Avatar avatar={avatar} name={name} size="large" />
        <p className="mt-3 mb-4 text-lg font-semibold">{w.begin(name)}</p>
        <ul className="flex flex-col items-center gap-2">
          {[...examples, "/help"].map((one) => (
            <li key={one}><Button small className="whitespace-normal!" onClick={() => onTry(one)}>{one}</Button></li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function Talk({ of }: { of: Conversation }) {
  const w = useWords(chat);
  const [text, setText] = useState("");
  const [stopped, setStopped] = useState(0);
  const personas = useRead("list_personas", {});
  const persona = personas.data?.personas.find((one) => one.uuid === of.persona_uuid);
  const stream = useStream(of.uuid, of.messages);
  const { messages } = stream;
  const items = useMemo(() => itemsOf(messages), [messages]);
  const newest = messages.at(-1)?.id ?? 0;
  const send = useWrite("send_message", { onDone: (message) => stream.add(message) });
  const stop = useWrite("stop_turn", { onDone: () => setStopped(newest) });
  const sending = send.isPending ? send.variables.text : null;
  const thinking = isThinking(messages) || sending !== null;
  const say = (said: string) => {
    const draft = text;
    if (said === draft) setText("");
    send.mutate({ conversation_uuid: of.uuid, text: said }, { onError: () => setText((now) => now || said) });
  };
  return (
    <>
      {stream.lost && <p role="status" className="bg-warn-soft px-4 py-1.5 text-center text-sm text-warn">{w.lost}</p>}
      {items.length === 0 && sending === null
        ? <Beginning name={of.persona} avatar={persona?.avatar} grants={(persona?.grants ?? []).map((one) => one.tool)} onTry={setText} />
        : (
          <Log persona={of.persona} avatar={persona?.avatar} items={items} delta={stream.delta} sending={sending} secrets={stream.secrets}
               thinking={thinking} onSend={say} onHide={stream.hide} />
        )}
      {persona?.state === "stopped" && (
        <div className="mx-auto w-full max-w-3xl px-4 pb-2 sm:px-6"><Notice tone="bad">{w.isStopped(of.persona)}</Notice></div>
      )}
      {send.error && (
        <div className="mx-auto w-full max-w-3xl px-4 pb-2 sm:px-6"><Problems of={otherProblems(send.error, [])} /></div>
      )}
      <Composer persona={of.persona} grants={persona?.grants ?? []} text={text} thinking={thinking}
                stopping={stop.isPending || (thinking && stopped > 0 && stopped >= newest)}
                onChange={(next) => { setText(next); if (send.error) send.reset(); }} onSend={() => say(text)}
                onStop={() => stop.mutate({ conversation_uuid: of.uuid }, { onError: tellProblem })} />
    </>
  );
}

export default function ConversationPage() {
  const w = useWords(chat);
  const { uuid = "" }: { uuid?: string } = useParams({ strict: false });
  const read = useRead("get_conversation", { conversation_uuid: uuid });
  const personas = useRead("list_personas", {});
  const name = read.data?.persona;
  const persona = personas.data?.personas.find((one) => one.uuid === read.data?.persona_uuid);
  useEffect(() => {
    document.title = `${name ?? w.title} · Piggy`;
  }, [name, w]);
  return (
    <div className="relative flex h-[calc(100dvh-3.375rem)] overflow-hidden lg:h-dvh">
      <aside className="hidden w-72 shrink-0 flex-col border-r border-line bg-paper/60 xl:flex"><Conversations withNew open={uuid} /></aside>
      <div className="flex min-w-0 grow flex-col">
        <header className="flex min-h-16 items-center gap-3 border-b border-line bg-paper px-4 py-2 sm:px-6">
          <Link to="/chat" aria-label={w.conversations} title={w.conversations} className="-ml-2 rounded-lg p-1.5 text-soft hover:bg-sunk hover:text-ink xl:hidden"><Icon name="left" /></Link>
          {name && <Avatar avatar={persona?.avatar} name={name} off={persona?.state === "stopped"} />}
          <div className="min-w-0 grow">
            <h1 className="truncate font-semibold">{name ?? w.title}</h1>
            {read.data?.title && <p className="truncate text-sm text-soft">{read.data.title}</p>}
          </div>
          {persona && (
            <Link to={`/personas/${persona.uuid}`} aria-label={w.persona} title={w.persona} className="rounded-lg p-1.5 text-soft hover:bg-sunk hover:text-ink"><Icon name="persona" /></Link>
          )}
        </header>
        <Answer of={read}>{(of) => <Talk key={of.uuid} of={of} />}</Answer>
      </div>
    </div>
  );
}
