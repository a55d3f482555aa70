// What the field uses must understand what we send and what our stand-ins answer.
//
//   node prove.mjs slack URL TOKEN          Slack's own client talks to the stand-in.
//   node prove.mjs slack-sign-in URL APP    The same for oauth.v2.access, with a code and refreshed;
//                                           APP is its arguments as JSON.
//   node prove.mjs mailchimp URL KEY        Mailchimp's and Klaviyo's own clients talk to the
//   node prove.mjs klaviyo URL KEY          stand-ins.
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
  const blocks = (type) => ({ channel: channel.id, text: 'x', blocks: [{ type }] });
  await slack.chat.postMessage(blocks('divider'));
  await assert.rejects(slack.chat.postMessage(blocks('nothing')), /invalid_blocks/);
  await assert.rejects(slack.chat.postMessage({ channel: 'C404', text: 'x' }), /channel_not_found/);
  const metadata = { event_type: 'greeting', event_payload: { key: 'k1' } };
  await slack.chat.postMessage({ channel: channel.id, text: 'marked', metadata });
  const all = { channel: channel.id, include_all_metadata: true };
  const { messages } = await slack.conversations.history({ ...all, limit: 2 });
  assert.deepEqual(messages.map((one) => one.metadata), [metadata, undefined]);
  await assert.rejects(slack.conversations.history({ channel: 'C1' }), /missing_scope/);
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
} else if (what === 'mailchimp') {
  const mailchimp = require('@mailchimp/mailchimp_marketing');
  mailchimp.setConfig({ apiKey: second, server: 'us1' });
  mailchimp.basePath = first;
  // The client's own parts keep the client of their making, which is this one.
  assert.equal((await mailchimp.ping.get()).health_status, "Everything's Chimpy!");
  const { lists } = await mailchimp.lists.getAllLists();
  const id = lists[0].id;
  const member = (email_address) => ({ email_address, status: 'subscribed' });
  const batch = await mailchimp.lists.batchListMembers(
    id, { members: [member('ann@example.com'), member('not an address')], update_existing: false });
  assert.equal(batch.total_created, 1);
  assert.equal(batch.errors[0].email_address, 'not an address');
  const again = await mailchimp.lists.batchListMembers(
    id, { members: [member('ann@example.com')], update_existing: false });
  assert.equal(again.errors[0].error_code, 'ERROR_CONTACT_EXISTS');
  const { total_items } = await mailchimp.lists.getListMembersInfo(id, { status: 'subscribed' });
  assert.equal(total_items, 1);
  await mailchimp.lists.deleteListMember(id, 'ann@example.com');
  assert.equal((await mailchimp.lists.getListMember(id, 'ann@example.com')).status, 'archived');
  await assert.rejects(mailchimp.lists.getListMember(id, 'bob@example.com'),
    (error) => error.status === 404 && error.response.body.title === 'Resource Not Found');
} else if (what === 'klaviyo') {
  const { ApiKeySession, ListsApi, ProfilesApi } = require('klaviyo-api');
  const session = new ApiKeySession(second);
  const lists = new ListsApi(session), profiles = new ProfilesApi(session);
  lists.basePath = profiles.basePath = first;
  const all = (await lists.getLists()).body;
  assert.ok(all.data.length > 0 && all.links.next);
  const id = all.data[0].id;
  const profile = (email) => ({ type: 'profile', attributes: { email } });
  const job = (await profiles.bulkImportProfiles({ data: {
    type: 'profile-bulk-import-job',
    attributes: { profiles: { data: [profile('ann@example.com'), profile('not an address')] } },
    relationships: { lists: { data: [{ type: 'list', id }] } } } })).body.data;
  let attributes = job.attributes;
  for (let look = 0; look < 5 && attributes.status !== 'complete'; look++) {
    attributes = (await profiles.getBulkImportProfilesJob(job.id)).body.data.attributes;
  }
  assert.equal(attributes.failedCount, 1);
  const errors = (await profiles.getErrorsForBulkImportProfilesJob(job.id)).body.data;
  assert.equal(errors[0].attributes.originalPayload.email, 'not an address');
  const count = async () =>
    (await lists.getList(id, { additionalFieldsList: ['profile_count'] }))
      .body.data.attributes.profileCount;
  assert.equal(await count(), 1);
  const found = (await profiles.getProfiles({ filter: 'any(email,["ann@example.com"])' })).body.data;
  await lists.removeProfilesFromList(id, { data: [{ type: 'profile', id: found[0].id }] });
  assert.equal(await count(), 0);
} else {
  const { Webhook } = require('standardwebhooks');
  const { headers, body } = JSON.parse(readFileSync(0, 'utf8'));
  const verified = new Webhook(first).verify(body, headers);
  assert.ok(verified.type);
  assert.throws(() => new Webhook(first).verify(body + ' ', headers));
}
console.log('proved');
