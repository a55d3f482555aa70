// The first major of the TypeScript SDK, which speaks the revisions up to 2025-11-25.

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { day, given, report, request } from './day.mjs';

const client = new Client({ name: 'piggy-test', version: '1' });
const transport = new StreamableHTTPClientTransport(new URL(given.url), { requestInit: request });
await client.connect(transport);
const session = transport.sessionId;
const seen = await day(client);
await transport.terminateSession();
await client.close();
report({
  version: transport.protocolVersion,
  session,
  capabilities: client.getServerCapabilities(),
  ...seen,
});
