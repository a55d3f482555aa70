// What an agent does, through whichever client library: the same calls, and what came back.

import { text } from 'node:stream/consumers';

const balance = 'piggy_get_contact_credit_balance';
const reception = 'piggy_create_credit_reception';
const batch = 'piggy_create_vouchers_batch';

// What the test wants, as JSON on standard input: url, token, contact, shop, promotion, key.
export const given = JSON.parse(await text(process.stdin));
export const request = { headers: { Authorization: `Bearer ${given.token}` } };
export const vouchers = { name: batch, arguments: { promotion_uuid: given.promotion, quantity: 3 } };

// Both libraries hold every answer against the tool's output schema once they have seen the list.
export async function day(client) {
  const call = async (name, args, meta) => {
    const params = { name, arguments: args, ...(meta && { _meta: meta }) };
    const { isError, structuredContent, content } = await client.callTool(params);
    return { isError: isError ?? false, structured: structuredContent, text: content[0].text };
  };
  const contact = { contact_uuid: given.contact };
  const credit = { ...contact, shop_uuid: given.shop, credits: 5 };
  const once = { 'piggy/idempotencyKey': given.key };

  const { tools } = await client.listTools();
  return {
    server: client.getServerVersion(),
    instructions: client.getInstructions(),
    tools,
    before: await call(balance, contact),
    tried: await call(reception, { ...credit, dry_run: true }),
    afterTried: await call(balance, contact),
    first: await call(reception, credit, once),
    second: await call(reception, credit, once),
    after: await call(balance, contact),
    refused: await call(batch, { quantity: 501, contact_uuid: 'nobody', colour: 'red' }),
    vouchers: await call(batch, vouchers.arguments),
  };
}

export function report(seen) {
  console.log(JSON.stringify(seen));
}
