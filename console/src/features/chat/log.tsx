// What was said and done, the newest at the end. It stays at the end while there is more, unless the
// reader has gone up.

import { useLayoutEffect, useRef, useState } from "react";

import { Avatar } from "~/features/persona/avatar";
import { useTools } from "~/features/persona/tools";
import { Button, IconButton, Spinner } from "~/ui/button";
import { Icon } from "~/ui/icon";
import { Secret } from "~/ui/show";
import { chat } from "~/words/chat";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { CallCard } from "./call_card";
import { choicesOf, textIn, valueIn, type Item, type Message } from "./messages";
import { RichText } from "./rich_text";
import type { ShownSecret } from "./stream";

const nearEnd = 60; // Pixels.

export interface LogProps {
  persona: string;
  avatar: string | undefined;
  items: Item[];
  delta: string;
  /** What was sent and is not heard of yet. */
  sending: string | null;
  secrets: ShownSecret[];
  thinking: boolean;
  onSend: (text: string) => void;
  onHide: (id: number) => void;
}

function Person({ message, onAgain }: { message: Pick<Message, "text" | "created_at">; onAgain?: (() => void) | undefined }) {
  const w = useWords(chat);
  const f = useFormats();
  return (
    <div className="group flex items-start justify-end gap-1">
      {onAgain && (
        <IconButton icon="retry" label={w.again} onClick={onAgain}
                    className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100" />
      )}
      <div title={message.created_at && f.exact(message.created_at)} className="max-w-[85%] rounded-2xl rounded-br-md bg-blush px-4 py-2.5 whitespace-pre-wrap">
        <span className="sr-only">{w.you}: </span>{message.text}
      </div>
    </div>
  );
}

function Persona({ message, last, ...log }: { message: Message; last: boolean } & Pick<LogProps, "persona" | "avatar" | "thinking" | "onSend">) {
  const w = useWords(chat);
  const f = useFormats();
  const choices = choicesOf(message);
  const confirms = textIn(message, "question") === "confirm";
  // What can be pressed is not listed a second time.
  const text = choices.length > 0 ? message.text.split("\n").slice(0, -choices.length).join("\n") : message.text;
  const server = valueIn(message, "server");
  return (
    <div className="flex items-start gap-3">
      <Avatar avatar={log.avatar} name={log.persona} size="small" />
      <div title={f.exact(message.created_at)} className="min-w-0 grow pt-0.5">
        <span className="sr-only">{log.persona}: </span>
        <RichText text={text} />
        {choices.length > 0 && (
          <ol className="mt-2 flex flex-col items-start gap-1.5">
            {choices.map((choice, at) => (
              <li key={at}>
                <Button small disabled={!last || log.thinking} className="text-left whitespace-normal!" onClick={() => log.onSend(String(at + 1))}>
                  <span className="text-soft">{at + 1}.</span> {choice.label}
                </Button>
              </li>
            ))}
          </ol>
        )}
        {confirms && last && !log.thinking && <p className="mt-2"><Button small icon="check" onClick={() => log.onSend("yes")}>{w.yes}</Button></p>}
        {typeof server === "string" && server && <p className="mt-1 text-xs text-soft">{w.server(server)}</p>}
      </div>
    </div>
  );
}

export function Log(log: LogProps) {
  const w = useWords(chat);
  const tools = useTools();
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [behind, setBehind] = useState(false);
  const toEnd = () => {
    const shown = scroller.current;
    if (shown) shown.scrollTop = shown.scrollHeight;
  };
  const last = log.items.at(-1);
  const count = log.items.length + log.secrets.length;
  useLayoutEffect(() => {
    if (log.sending !== null) follows.current = true;
    if (follows.current) toEnd();
    else setBehind(true);
  }, [count, last, log.delta, log.sending, log.thinking]);
  const content = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // Cards grow when what they show has been read.
    const watch = new ResizeObserver(() => { if (follows.current) toEnd(); });
    if (content.current) watch.observe(content.current);
    return () => watch.disconnect();
  }, []);
  const secretsAfter = (id: number, next: number) => log.secrets.filter((one) => one.after >= id && one.after < next);
  return (
    <div className="relative min-h-0 grow">
      <div ref={scroller} tabIndex={0} role="region" aria-label={w.said} className="relative h-full overflow-y-auto"
           onScroll={({ currentTarget: at }) => {
             follows.current = at.scrollHeight - at.scrollTop - at.clientHeight < nearEnd;
             if (follows.current) setBehind(false);
           }}>
        <div ref={content} className="mx-auto flex w-full max-w-3xl flex-col gap-4 px-4 py-6 sm:px-6">
          <div role="log" aria-label={w.said} className="flex flex-col gap-4">
            {log.items.map((item, at) => (
              <div key={item.id} className="flex flex-col gap-4">
                {item.kind === "person" && <Person message={item.message} onAgain={item.last && !log.thinking ? () => log.onSend(item.message.text) : undefined} />}
                {item.kind === "persona" && <Persona message={item.message} last={item.last} {...log} />}
                {item.kind === "call" && <div className="sm:pl-10"><CallCard item={item} running={log.thinking} /></div>}
                {secretsAfter(item.id, log.items[at + 1]?.id ?? Infinity).map((one) => (
                  <div key={one.id} className="rounded-xl border border-warn/40 bg-paper p-4 sm:ml-10">
                    <Secret text={one.value} label={w.secret(one.field, tools.title(one.tool))} onHide={() => log.onHide(one.id)} />
                  </div>
                ))}
              </div>
            ))}
          </div>
          {log.sending !== null && <div className="opacity-60"><Person message={{ text: log.sending, created_at: "" }} /></div>}
          {log.delta && (
            <div aria-hidden="true" className="flex items-start gap-3">
              <Avatar avatar={log.avatar} name={log.persona} size="small" />
              <div className="min-w-0 grow pt-0.5"><RichText text={log.delta} /></div>
            </div>
          )}
          <div role="status" className="min-h-6 text-sm text-soft">
            {log.thinking && <span className="flex items-center gap-2 sm:pl-10"><Spinner />{w.thinking(log.persona)}</span>}
          </div>
        </div>
      </div>
      {behind && (
        <Button small className="absolute bottom-3 left-1/2 -translate-x-1/2 shadow-lg" onClick={() => { follows.current = true; setBehind(false); toEnd(); }}>
          <Icon name="down" className="size-4" />{w.toEnd}
        </Button>
      )}
    </div>
  );
}
