// The second major of the TypeScript SDK, which speaks both eras.
//
//   node sdk2.mjs auto|legacy|2026-07-28      how it finds the revision, or which one it insists on

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { z } from 'zod';

import { day, given, report, request, vouchers } from './day.mjs';

const tasks = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const argument = process.argv[2];
const mode = ['auto', 'legacy'].includes(argument) ? argument : { pin: argument };

async function connected(options, transportOptions) {
  const client = new Client({ name: 'piggy-test', version: '2' },
    { versionNegotiation: { mode }, ...options });
  await client.connect(new StreamableHTTPClientTransport(new URL(given.url),
    { requestInit: request, ...transportOptions }));
  return client;
}

// The library carries the tasks extension but does not follow a task by itself: it says that the
// answer is one, and its methods are called by name. The task's id is read from the answer as it
// came.
async function asTask() {
  let answer;
  const watching = async (url, init) => {
    const response = await fetch(url, init);
    if (init?.body?.includes('tools/call')) answer = await response.clone().json();
    return response;
  };
  const client = await connected({ capabilities: tasks }, { fetch: watching });
  const type = await client.callTool(vouchers).catch((error) => error.data.resultType);
  const { taskId, pollIntervalMs } = answer.result;
  const look = () =>
    client.request({ method: 'tasks/get', params: { taskId } }, z.looseObject({ status: z.string() }));
  const states = [answer.result.status];
  let task = await look();
  while (task.status === 'working') {
    await new Promise((resolve) => setTimeout(resolve, pollIntervalMs));
    task = await look();
  }
  states.push(task.status);
  await client.close();
  return { type, taskId, states, result: task.result };
}

const client = await connected();
const seen = await day(client);
const version = client.getNegotiatedProtocolVersion();
const era = client.getProtocolEra();
const capabilities = client.getServerCapabilities();
await client.close();
report({ version, era, capabilities, ...seen, task: era === 'modern' ? await asTask() : undefined });
