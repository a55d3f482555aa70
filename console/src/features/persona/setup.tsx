// How common MCP clients are told of the address.

import { Copyable } from "~/ui/show";
import { Tabs } from "~/ui/tabs";
import { persona } from "~/words/persona";
import { useWords } from "~/words/words";

const token = "YOUR_TOKEN";
const clients = ["code", "desktop", "cursor", "vscode", "chatgpt", "other"] as const;

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** What is to be copied, below each sentence. */
function textsFor(client: (typeof clients)[number], url: string): string[] {
  const header = `Bearer ${token}`;
  switch (client) {
    case "code":
      return [`claude mcp add --transport http piggy ${url}`,
              `claude mcp add --transport http piggy ${url} --header "Authorization: ${header}"`];
    case "desktop":
      return [json({
        mcpServers: {
          piggy: { command: "npx", args: ["-y", "mcp-remote", url, "--header", "Authorization:${AUTHORIZATION}"], env: { AUTHORIZATION: header } },
        },
      })];
    case "cursor":
      return [json({ mcpServers: { piggy: { url } } }), json({ mcpServers: { piggy: { url, headers: { Authorization: header } } } })];
    case "vscode":
      return [json({ servers: { piggy: { type: "http", url } } }),
              json({
                inputs: [{ type: "promptString", id: "piggy-token", description: "Piggy", password: true }],
                servers: { piggy: { type: "http", url, headers: { Authorization: "Bearer ${input:piggy-token}" } } },
              })];
    case "chatgpt":
      return [url];
    case "other":
      return [`Authorization: ${header}`];
  }
}

function Client({ client, url }: { client: (typeof clients)[number]; url: string }) {
  const w = useWords(persona);
  const texts = textsFor(client, url);
  const says = w.clients[client] ?? [];
  return (
    <ol className="flex flex-col gap-4">
      {says.map((said, at) => (
        <li key={said} className="flex flex-col gap-2">
          <p className="max-w-prose text-sm">{said}</p>
          {texts[at] && <Copyable text={texts[at]} label={`${w.clientNames[client]} ${at + 1}`} />}
        </li>
      ))}
      {texts.some((one) => one.includes(token)) && <li className="text-sm text-soft">{w.putToken}</li>}
    </ol>
  );
}

export function Setup({ url }: { url: string }) {
  const w = useWords(persona);
  return <Tabs label={w.setup} tabs={clients.map((client) => ({ id: client, label: w.clientNames[client], content: <Client client={client} url={url} /> }))} />;
}
