// What the field uses must understand what we send and what our stand-ins answer.
//
//   node prove.mjs slack URL TOKEN          Slack's own client talks to the stand-in.
//   node prove.mjs slack-sign-in URL APP    The same for oauth.v2.access, with a code and refreshed;
//                                           APP is its arguments as JSON.
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
} else if (what === 'slack-sign-in') {
  const { WebClient } = require('@slack/web-api');
  const slack = new WebClient(undefined, { slackApiUrl: first + '/', retryConfig: { retries: 0 } });
  const app = JSON.parse(second);
  const made = await slack.oauth.v2.access(app);
  assert.equal(made.team.name, 'Harbour');
  await assert.rejects(slack.oauth.v2.access(app), /invalid_code/);
  const { code, ...credentials } = app;
  const next = await slack.oauth.v2.access(
    { ...credentials, grant_type: 'refresh_token', refresh_token: made.refresh_token });
  assert.notEqual(next.access_token, made.access_token);
  await assert.rejects(slack.auth.test({ token: made.access_token }), /invalid_auth/);
  assert.equal((await slack.auth.test({ token: next.access_token })).ok, true);
} else {
  const { Webhook } = require('standardwebhooks');
  const { headers, body } = JSON.parse(readFileSync(0, 'utf8'));
  const verified = new Webhook(first).verify(body, headers);
  assert.ok(verified.type && verified.timestamp);
  assert.throws(() => new Webhook(first).verify(body + ' ', headers));
}
console.log('proved');
