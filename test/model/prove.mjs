// Drives the vendors' own SDKs against the scripted server and checks what they understood: the
// shapes that our clients are tested with are then the real ones.
//
//   node prove.mjs URL MODULES     the server's URL; the folder node_modules with the SDKs
//
// The last line is "N passed, N failed".

import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {join} from 'node:path';

const [url, modules] = process.argv.slice(2);
const require = createRequire(join(modules, 'prove.cjs'));
const OpenAI = require('openai');
const Anthropic = require('@anthropic-ai/sdk');

const openai = new OpenAI({baseURL: `${url}/v1`, apiKey: 'sk-proof', maxRetries: 0});
const anthropic = new Anthropic({baseURL: url, apiKey: 'sk-proof', maxRetries: 0});

const schema = {type: 'object', properties: {email: {type: 'string'}}, required: ['email']};
const asked = 'Who is ann@example.com, and which perks are there?';
const firstTurn = {
  reasoning: 'Two lookups.',
  text: ['Let me ', 'löök.'],
  tool_calls: [
    {id: 'call_a', name: 'find_contact', arguments: {email: 'ann@example.com'}},
    {id: 'call_b', name: 'list_perks'},
  ],
  usage: [31, 17],
};
const secondTurn = {text: ['Ann ', 'has none.']};
const results = {call_a: 'Ann', call_b: '[]'};

let passed = 0;
let failed = 0;

async function prove(sentence, turns, check) {
  try {
    await fetch(`${url}/_script`, {method: 'POST', body: JSON.stringify({turns})});
    await check();
    passed++;
    console.log(`ok      ${sentence}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${sentence}: ${error.stack}`);
  }
}

async function lastRequest() {
  return (await (await fetch(`${url}/_requests`)).json()).at(-1).body;
}

// Chat completions.

const chatTools = ['find_contact', 'list_perks'].map((name) => (
  {type: 'function', function: {name, description: name, parameters: schema}}));

function checkChat(message) {
  assert.equal(message.content, 'Let me löök.');
  assert.deepEqual(message.tool_calls.map((call) => [call.id, call.type, call.function.name,
    JSON.parse(call.function.arguments)]), [
    ['call_a', 'function', 'find_contact', {email: 'ann@example.com'}],
    ['call_b', 'function', 'list_perks', {}]]);
}

await prove('chat completions: a stream with calls, then their results', [firstTurn, secondTurn],
  async () => {
    const messages = [{role: 'user', content: asked}];
    const stream = openai.chat.completions.stream({model: 'm', messages, tools: chatTools,
      stream_options: {include_usage: true}});
    const pieces = [];
    stream.on('content', (piece) => pieces.push(piece));
    const first = await stream.finalChatCompletion();
    assert.deepEqual(pieces, ['Let me ', 'löök.']);
    assert.equal(first.choices[0].finish_reason, 'tool_calls');
    assert.deepEqual([first.usage.prompt_tokens, first.usage.completion_tokens], [31, 17]);
    checkChat(first.choices[0].message);

    messages.push(first.choices[0].message, ...Object.entries(results).map(
      ([id, content]) => ({role: 'tool', tool_call_id: id, content})));
    const second = openai.chat.completions.stream({model: 'm', messages, tools: chatTools});
    assert.equal(await second.finalContent(), 'Ann has none.');
    assert.equal((await lastRequest()).messages.at(-1).tool_call_id, 'call_b');
  });

await prove('chat completions: a whole answer', [firstTurn], async () => {
  const whole = await openai.chat.completions.create({model: 'm', tools: chatTools,
    messages: [{role: 'user', content: asked}]});
  assert.equal(whole.choices[0].finish_reason, 'tool_calls');
  checkChat(whole.choices[0].message);
});

// Responses.

const responseTools = ['find_contact', 'list_perks'].map((name) => (
  {type: 'function', name, description: name, parameters: schema, strict: false}));

function checkResponse(response) {
  assert.equal(response.status, 'completed');
  assert.equal(response.output_text, 'Let me löök.');
  assert.deepEqual(response.output.map((item) => item.type),
    ['reasoning', 'message', 'function_call', 'function_call']);
  assert.equal(response.output[0].encrypted_content, 'sealed:Two lookups.');
  assert.deepEqual(response.output.slice(2).map((item) => [item.call_id, item.name,
    JSON.parse(item.arguments)]), [
    ['call_a', 'find_contact', {email: 'ann@example.com'}], ['call_b', 'list_perks', {}]]);
  assert.deepEqual([response.usage.input_tokens, response.usage.output_tokens], [31, 17]);
}

await prove('responses: a stream with calls, then their results', [firstTurn, secondTurn],
  async () => {
    const input = [{role: 'user', content: asked}];
    const settings = {model: 'm', tools: responseTools, store: false,
      include: ['reasoning.encrypted_content']};
    const stream = openai.responses.stream({...settings, input});
    const pieces = [];
    const finished = [];
    stream.on('response.output_text.delta', (event) => pieces.push(event.delta));
    stream.on('response.function_call_arguments.done', (event) => finished.push(event.name));
    const first = await stream.finalResponse();
    assert.deepEqual(pieces, ['Let me ', 'löök.']);
    assert.deepEqual(finished, ['find_contact', 'list_perks']);
    checkResponse(first);

    input.push(...first.output, ...Object.entries(results).map(
      ([id, output]) => ({type: 'function_call_output', call_id: id, output})));
    const second = await openai.responses.stream({...settings, input}).finalResponse();
    assert.equal(second.output_text, 'Ann has none.');
    assert.equal((await lastRequest()).input.at(-1).call_id, 'call_b');
  });

await prove('responses: a whole answer', [firstTurn], async () => {
  checkResponse(await openai.responses.create({model: 'm', input: asked, tools: responseTools}));
});

await prove('responses: a limit makes it incomplete', [{text: ['Half'], stop: 'length'}], async () => {
  const response = await openai.responses.stream({model: 'm', input: asked}).finalResponse();
  assert.equal(response.status, 'incomplete');
  assert.equal(response.incomplete_details.reason, 'max_output_tokens');
});

// Messages.

const anthropicTools = ['find_contact', 'list_perks'].map((name) => (
  {name, description: name, input_schema: schema}));

function checkMessage(message) {
  assert.equal(message.stop_reason, 'tool_use');
  assert.deepEqual(message.content, [
    {type: 'thinking', thinking: 'Two lookups.', signature: 'signed:Two lookups.'},
    {type: 'text', text: 'Let me löök.'},
    {type: 'tool_use', id: 'call_a', name: 'find_contact', input: {email: 'ann@example.com'}},
    {type: 'tool_use', id: 'call_b', name: 'list_perks', input: {}}]);
  assert.deepEqual([message.usage.input_tokens, message.usage.output_tokens], [31, 17]);
}

await prove('messages: a stream with thinking and calls, then their results',
  [firstTurn, secondTurn], async () => {
    const messages = [{role: 'user', content: asked}];
    const settings = {model: 'm', max_tokens: 100, tools: anthropicTools};
    const stream = anthropic.messages.stream({...settings, messages});
    const pieces = [];
    stream.on('text', (piece) => pieces.push(piece));
    const first = await stream.finalMessage();
    assert.deepEqual(pieces, ['Let me ', 'löök.']);
    checkMessage(first);

    messages.push({role: 'assistant', content: first.content}, {role: 'user', content:
      Object.entries(results).map(
        ([id, content]) => ({type: 'tool_result', tool_use_id: id, content}))});
    const second = anthropic.messages.stream({...settings, messages});
    assert.equal(await second.finalText(), 'Ann has none.');
    assert.equal((await lastRequest()).messages.at(-1).content.at(-1).tool_use_id, 'call_b');
  });

await prove('messages: a whole answer', [firstTurn], async () => {
  checkMessage(await anthropic.messages.create({model: 'm', max_tokens: 100,
    tools: anthropicTools, messages: [{role: 'user', content: asked}]}));
});

// Faults, which each SDK knows by their names.

const chatStream = (client) => client.chat.completions.stream(
  {model: 'm', messages: [{role: 'user', content: asked}]}).finalContent();
const responseStream = (client) => client.responses.stream({model: 'm', input: asked})
  .finalResponse().then((response) => response.output_text);
const messageStream = (client) => client.messages.stream(
  {model: 'm', max_tokens: 9, messages: [{role: 'user', content: asked}]}).finalText();

for (const [name, sdk, client, ask] of [
  ['chat completions', OpenAI, openai, chatStream],
  ['responses', OpenAI, openai, responseStream],
  ['messages', Anthropic, anthropic, messageStream],
]) {
  await prove(`${name}: too many requests are known as such`, [{status: 429, retry_after: 7}],
    async () => {
      await assert.rejects(ask(client), (error) => error instanceof sdk.RateLimitError &&
        error.headers.get('retry-after') === '7' && error.message.includes('It is too much.'));
    });
  await prove(`${name}: who is asked to wait a second comes back`,
    [{status: 529, retry_after: 1}, secondTurn], async () => {
      assert.equal(await ask(client.withOptions({maxRetries: 1})), 'Ann has none.');
    });
  await prove(`${name}: an error within the stream is thrown`,
    [{text: ['Half', ' of it'], error_after: 4, message: 'It broke.'}], async () => {
      await assert.rejects(ask(client), /It broke\./);
    });
  await prove(`${name}: a stream that is cut is an error`, [{text: ['Half', ' of it'], cut_after: 200}],
    async () => {
      await assert.rejects(ask(client));
    });
}

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
