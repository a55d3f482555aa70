import type { OutputOf } from "~/api/client";
import { Badge, type Tone } from "~/ui/page";
import { connection } from "~/words/connection";
import { useWords } from "~/words/words";

export type Connection = OutputOf<"list_connections">["connections"][number];
export type Connector = OutputOf<"list_connectors">["connectors"][number];

const tones: Record<Connection["state"], Tone> = { connected: "good", expiring: "warn", reconnect: "bad", revoked: "plain" };

export function ConnectionState({ state }: { state: Connection["state"] }) {
  const w = useWords(connection);
  return <Badge tone={tones[state]}>{w.states[state]}</Badge>;
}

const effectTones: Record<string, Tone> = { read: "info", write: "warn", destructive: "bad" };

export function ToolEffect({ effect }: { effect: string }) {
  const w = useWords(connection);
  return <Badge tone={effectTones[effect] ?? "plain"}>{w.effects[effect] ?? effect}</Badge>;
}
