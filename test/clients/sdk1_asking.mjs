// The first major of the TypeScript SDK: questions come as requests on the call's stream, and
// changes on the session's.

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

import { beAsked, capabilities, elicited, listChanged } from './asking.mjs';
import { given, request } from './day.mjs';

const client = new Client({ name: 'piggy-test', version: '1' }, { capabilities, listChanged });
client.setRequestHandler(ElicitRequestSchema, elicited);
await client.connect(new StreamableHTTPClientTransport(new URL(given.url), { requestInit: request }));
await beAsked(client);
await client.close();
