// The second major: questions are results, and changes come to whoever listens.

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

import { beAsked, capabilities, elicited, listChanged } from './asking.mjs';
import { given, request } from './day.mjs';

const client = new Client({ name: 'piggy-test', version: '2' },
  { capabilities, listChanged, versionNegotiation: { mode: { pin: '2026-07-28' } } });
client.setRequestHandler('elicitation/create', elicited);
await client.connect(new StreamableHTTPClientTransport(new URL(given.url), { requestInit: request }));
await beAsked(client);
await client.close();
