// What the field uses must understand what we send and what our stand-ins answer.
//
//   node prove.mjs slack URL TOKEN          Slack's own client talks to the stand-in.
//   node prove.mjs webhook SECRET           Standard Webhooks' own library checks what we signed:
//                                           {"headers": …, "body": …} on standard input.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(process.env.PIGGY_MODULES + '/');
const [what, first, second] = process.argv.slice(2);

if (what === 'slack') {
  const { WebClient } = require('@slack/web-api');
  const slack = new WebClient(second, { slackApiUrl: first + '/', retryConfig: { retries: 0 } });
  assert.equal((await slack.auth.test()).team, 'Harbour');
  const { user } = await slack.users.lookupByEmail({ email: 'boss@shop.example' });
  const { channel } = await slack.conversations.open({ users: user.id });
  const posted = await slack.chat.postMessage({ channel: channel.id, text: 'hello from its client' });
  assert.match(posted.ts, /^\d+\.\d+$/);
  await assert.rejects(slack.chat.postMessage({ channel: 'C404', text: 'x' }), /channel_not_found/);
} else {
  const { Webhook } = require('standardwebhooks');
  const { headers, body } = JSON.parse(readFileSync(0, 'utf8'));
  const verified = new Webhook(first).verify(body, headers);
  assert.ok(verified.type && verified.timestamp);
  assert.throws(() => new Webhook(first).verify(body + ' ', headers));
}
console.log('proved');
