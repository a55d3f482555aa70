// Follows a conversation: what is kept of it, what is being said, and secrets, which come once.

import { useEffect, useMemo, useRef, useState } from "react";

import { queries } from "~/api/hooks";
import type { Message } from "./messages";

const pause = 3_000; // Milliseconds until a stream that was refused is asked for anew.

export interface ShownSecret {
  id: number;
  /** The message after which it came. */
  after: number;
  tool: string;
  field: string;
  value: string;
}

function dataOf(event: Event): Record<string, unknown> | null {
  try {
    const data: unknown = JSON.parse((event as MessageEvent<string>).data);
    return data && typeof data === "object" ? (data as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

export function useStream(uuid: string, kept: Message[]) {
  const [come, setCome] = useState<Message[]>([]);
  const [delta, setDelta] = useState("");
  const [secrets, setSecrets] = useState<ShownSecret[]>([]);
  const [lost, setLost] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const newest = useRef(0);

  useEffect(() => {
    const waiting: (Message | string)[] = []; // Messages, and what is being said, as they came.
    let frame: number | undefined;
    let timer: number | undefined;
    const source = new EventSource(`/platform/conversations/${uuid}/events`);
    // A long conversation comes as many events at once; it is shown once a frame.
    const show = () => {
      frame = undefined;
      const batch = waiting.splice(0);
      const whole = batch.filter((one) => typeof one !== "string");
      if (whole.length > 0) setCome((before) => [...before, ...whole]);
      // What was said is in the message that follows it.
      setDelta((before) => batch.reduce<string>((said, one) => (typeof one === "string" ? said + one : one.kind === "person" ? said : ""), before));
    };
    const later = (one: Message | string) => {
      waiting.push(one);
      frame ??= window.setTimeout(show, 16);
    };
    source.onopen = () => setLost(false);
    source.onerror = () => {
      setLost(true);
      if (source.readyState !== EventSource.CLOSED) return;
      // Refused, perhaps because the session ended: reading it again finds out.
      void queries.invalidateQueries({ queryKey: ["get_conversation"] });
      timer = window.setTimeout(() => setAttempt((count) => count + 1), pause);
    };
    source.addEventListener("message", (event) => {
      const message = dataOf(event) as Message | null;
      if (!message) return;
      newest.current = Math.max(newest.current, message.id);
      later(message);
    });
    source.addEventListener("delta", (event) => later(String(dataOf(event)?.["text"] ?? "")));
    source.addEventListener("secret", (event) => {
      const secret = dataOf(event);
      if (!secret) return;
      const value = secret["value"];
      setSecrets((before) => [...before, {
        id: before.length, after: newest.current, tool: String(secret["tool"]), field: String(secret["field"]),
        value: typeof value === "string" ? value : JSON.stringify(value),
      }]);
    });
    return () => {
      window.clearTimeout(frame);
      window.clearTimeout(timer);
      source.close();
    };
  }, [uuid, attempt]);

  const messages = useMemo(() => {
    const all = new Map<number, Message>();
    for (const one of [...kept, ...come]) all.set(one.id, one);
    return [...all.values()].sort((a, b) => a.id - b.id);
  }, [kept, come]);
  return {
    messages, delta, secrets, lost,
    add: (message: Message) => setCome((before) => [...before, message]),
    hide: (id: number) => setSecrets((before) => before.filter((one) => one.id !== id)),
  };
}
