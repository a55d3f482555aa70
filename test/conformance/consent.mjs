// The person in front of the browser: opens the link of a client, allows what it asks for, and
// follows where that leads.
//
//   node consent.mjs URL

const unescape = (text) =>
  text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name) =>
    ({ lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' })[name]);

const page = await fetch(process.argv[2]);
const html = await page.text();
if (page.status !== 200) throw new Error(`the page answers ${page.status}: ${html}`);

const form = new URLSearchParams({ decision: 'allow' });
for (const name of ['request', 'seal', 'subject']) {
  form.set(name, unescape(html.match(new RegExp(`name="${name}" value="([^"]*)"`))[1]));
}
const action = new URL(html.match(/<form method="post" action="([^"]*)"/)[1], page.url);
const decided = await fetch(action, { method: 'POST', body: form, redirect: 'manual' });
if (decided.status !== 303) throw new Error(`the decision is answered by ${decided.status}`);
await fetch(decided.headers.get('location'));
