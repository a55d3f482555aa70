// What somebody at a client is asked, and told, through whichever library. Every step is a line on
// standard output; what a person must do elsewhere meanwhile is done by whoever reads the lines.

import { given, report } from './day.mjs';

export const capabilities = { elicitation: { form: {}, url: {} } };

// A form is filled in with what is given for its fields; a page is opened elsewhere.
export async function elicited({ params }) {
  report({ asked: params });
  if (params.mode === 'url') return { action: given.reply ?? 'accept' };
  const names = Object.keys(params.requestedSchema.properties);
  return { action: 'accept', content: Object.fromEntries(names.map((name) => [name, given.form[name]])) };
}

const heard = [];
export const listChanged = {
  tools: {
    autoRefresh: true,
    debounceMs: 0,
    onChanged: (error, tools) => {
      heard.forEach((tell) => tell(error ? { error: String(error) } : tools.map(({ name }) => name)));
    },
  },
};

export async function beAsked(client) {
  const { tools } = await client.listTools();
  report({ tools: tools.map(({ name }) => name) });
  for (const call of given.calls) {
    const { isError, structuredContent, content } = await client.callTool(call);
    report({ isError: isError ?? false, structured: structuredContent, text: content[0].text });
  }
  const changed = new Promise((resolve) => heard.push(resolve));
  report({ listens: true });
  report({ changed: await changed });
}
