import { Shop, expect, hostile, looksWell, settled, test } from "./base";
import { signInAs } from "./people";

// A tool of a connection that is not there, tools without schemas yet, refusals that the tests provoke.
test.use({ allowed: [/\b(400|403|404|409)\b|ERR_FAILED/] });

let count = 0;
const unique = (name: string) => `${name} ${Date.now().toString(36)}${count++}`;

const definition = {
  about: "Thanks those who came back, once somebody has looked at it.",
  parameters: [{ name: "least", label: "Least credits", kind: "integer", value: 10 }],
  trigger: { manual: {} },
  steps: [
    { id: "numbers", title: "Put the numbers together", set: { least: "${{ parameters.least }}", people: "${{ {'Ann', 'Bob', 'Cem'} }}" } },
    {
      id: "many", title: "Are there many?", branch: {
        if: "count(steps.numbers.people) > 2",
        then: [
          { id: "look", title: "Somebody looks at it first", approve: { question: "Thank all three of them?" } },
          { id: "yes", title: "Remember who said yes", when: "steps.look.approved", set: { by: "${{ steps.look.by }}" } },
        ],
        else: [{ id: "rest", title: "Let it rest", wait: { span: { days: 1 } } }],
      },
    },
    {
      id: "each", title: "For everybody", for_each: {
        in: "steps.numbers.people", as: "person", steps: [{ id: "thank", title: "Write the thanks", set: { text: "Thank you, ${{ person }}." } }],
      },
    },
  ],
  output: "${{ steps.numbers.least }}",
};

async function persona(shop: Shop): Promise<string> {
  return (await shop.call("list_personas")).personas[0].uuid;
}

async function make(shop: Shop, more: object = {}): Promise<{ uuid: string; name: string }> {
  const name = unique("Thanks");
  const made = await shop.call("create_flow", { name, persona_uuid: await persona(shop), definition: { ...definition, ...more } });
  return { uuid: made.flow.uuid, name };
}

async function runUntil(shop: Shop, uuid: string, state: string): Promise<string> {
  const run = await shop.call("run_flow", { flow_uuid: uuid });
  await expect.poll(async () => (await shop.call("get_flow_run", { run_uuid: run.uuid })).run.state).toBe(state);
  return run.uuid;
}

test("a template becomes a flow by a form, without an identifier being typed", async ({ page, shop }) => {
  await make(shop);
  await page.goto("/flows");
  await expect(page.getByRole("heading", { name: "Begin with a template" })).toBeVisible();
  await expect(page.getByRole("button", { name: /Use this/ })).toHaveCount(3);
  await expect(page.getByText("…", { exact: true })).toHaveCount(0);
  await looksWell(page, "flows");
  // What cannot run yet says all that it lacks, and makes nothing.
  await page.getByRole("button", { name: "Use this: Daily campaign roll-up" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("No connection offers “Slack send direct message”.")).toBeVisible();
  await dialog.getByRole("button", { name: "+ demo@example.com" }).click();
  await dialog.getByLabel("Slack connection").selectOption({ index: 1 });
  await dialog.getByLabel("Time zone").fill("Europe/Amsterdam");
  await dialog.getByRole("button", { name: "Make this flow" }).click();
  await expect(dialog.getByText("There is no connection slack")).toBeVisible();
  await expect(dialog.getByText("The persona may not use “Get daily summary” yet.")).toBeVisible();
  await looksWell(page, "flow-install-lacking");
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await page.getByRole("button", { name: "Use this: Lead-magnet sequence" }).click();
  const name = unique("Leads");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Form").selectOption({ label: "Newsletter" });
  await dialog.getByRole("button", { name: "Make this flow" }).click();
  await expect(dialog.getByText("Sequence for others must be said.")).toBeVisible();
  for (const sequence of ["Sequence for others", "Sequence for warm leads", "Sequence for hot leads"]) {
    await dialog.getByLabel(sequence).selectOption({ index: 1 });
  }
  await looksWell(page, "flow-install");
  await dialog.getByRole("button", { name: "Make this flow" }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
});

test("the steps are drawn, each with its form", async ({ page, shop }) => {
  const { uuid } = await make(shop);
  await page.goto(`/flows/${uuid}`);
  await page.getByRole("button", { name: /^Somebody looks at it first/ }).click();
  await expect(page.getByLabel("Question")).toHaveValue("Thank all three of them?");
  await looksWell(page, "flow-steps");
});

test("a step is added, changed, moved and removed, and the text says the same", async ({ page, shop }) => {
  const { uuid, name } = await make(shop);
  await page.goto(`/flows/${uuid}`);
  const graph = page.getByRole("group", { name: "What it does" });
  await graph.getByRole("button", { name: /^Somebody looks at it first/ }).click();
  await page.getByLabel("Title").fill("Somebody reads it first");
  await expect(graph.getByRole("button", { name: /^Somebody reads it first/ })).toBeVisible();
  await graph.getByRole("button", { name: "Add a step after: For everybody" }).click();
  await page.getByRole("menuitem", { name: "Use a tool" }).click();
  await expect(page.getByText(/problem/).first()).toBeVisible();
  await page.getByLabel("Tool").fill("piggy_score_lead");
  await page.getByRole("tab", { name: "JSON" }).click();
  const text = page.getByLabel("Definition", { exact: true });
  await expect(text).toHaveValue(/"tool": "piggy_score_lead"/);
  await text.fill((await text.inputValue()).replace("piggy_score_lead", "piggy_list_perks").replace('"id": "each"', '"id": "many"'));
  await expect(page.getByText("There is another step called many.")).toBeVisible();
  await looksWell(page, "flow-json");
  await text.fill((await text.inputValue()).replace(/"id": "many",\n(\s+)"title": "For/, '"id": "each",\n$1"title": "For'));
  await text.fill(`${await text.inputValue()}!`);
  await expect(page.getByText(/This is not JSON yet/).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Save" })).toBeDisabled();
  await text.fill((await text.inputValue()).slice(0, -1));
  await graph.getByRole("button", { name: /^Call/ }).focus();
  await page.keyboard.press("ArrowUp");
  await expect(graph.getByRole("button", { name: /^Write the thanks/ })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Move up" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved as version 2.")).toBeVisible();
  const saved = (await shop.call("get_flow", { flow_uuid: uuid })).definition;
  expect(saved.steps.map((step: { id: string }) => step.id)).toEqual(["numbers", "many", "call", "each"]);
  expect(saved.steps[2].call.tool).toBe("piggy_list_perks");
  expect(saved.steps[1].branch.then[0].title).toBe("Somebody reads it first");
  await graph.getByRole("button", { name: /^Call/ }).click();
  await page.getByRole("button", { name: "Remove step" }).click();
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(graph.getByRole("button", { name: /^Call/ })).toBeVisible();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
});

test("a person changes a threshold and the hour without code, and sees the next five runs", async ({ page, shop }) => {
  const { uuid } = await make(shop, { trigger: { schedule: { zone: "Europe/Amsterdam", times: ["09:00"] } } });
  await shop.call("update_flow", { flow_uuid: uuid, enabled: true });
  await page.goto(`/flows/${uuid}#parameters`);
  await page.getByLabel("Least credits").fill("25");
  await looksWell(page, "flow-parameters");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.", { exact: true })).toBeVisible();
  await page.getByRole("tab", { name: "Schedule" }).click();
  await page.getByLabel("Time", { exact: true }).fill("02:30");
  await page.getByRole("button", { name: "Saturday" }).click();
  await page.getByRole("button", { name: "Sunday" }).click();
  const five = page.getByRole("list", { name: "The next five runs" }).getByRole("time");
  await expect(five).toHaveCount(5);
  const draft = await five.evaluateAll((all) => all.map((one) => one.getAttribute("datetime")));
  await looksWell(page, "flow-schedule");
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(async () => (await shop.call("get_flow", { flow_uuid: uuid })).definition.trigger.schedule.times).toEqual(["02:30"]);
  const { flow } = await shop.call("get_flow", { flow_uuid: uuid });
  expect(flow.parameters[0].value).toBe(25);
  // What the page worked out is what the server says.
  expect(draft.map((one) => Date.parse(one!))).toEqual(flow.next_runs.map((one: string) => Date.parse(one)));
});

test("a run is followed step by step, answered, and run again", async ({ page, shop }) => {
  const { uuid } = await make(shop);
  await page.goto(`/flows/${uuid}`);
  await page.getByRole("button", { name: "Run now" }).click();
  await expect(page.getByText("Waiting for an answer.")).toBeVisible();
  await looksWell(page, "flow-run-waiting");
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("button", { name: "Resume" })).toBeVisible();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByLabel("Note").fill("Go ahead.");
  await page.getByRole("button", { name: "Yes", exact: true }).click();
  const graph = page.getByRole("group", { name: "How far it came" });
  await expect(graph.getByRole("button", { name: /^Write the thanks.*done/ })).toBeVisible();
  await graph.getByRole("button", { name: /^Write the thanks/ }).click();
  await page.getByLabel("Which item").selectOption({ index: 1 });
  await expect(page.getByLabel("Answered")).toContainText("Thank you, Bob.");
  await looksWell(page, "flow-run-done");
  await page.getByRole("button", { name: "Run again from here" }).click();
  await expect(page.getByText("Repeats another run")).toBeVisible();
  await page.getByRole("link", { name: "To the flow" }).click();
  await page.getByRole("tab", { name: "Runs" }).click();
  await expect(page.getByRole("table").getByRole("row")).toHaveCount(3);
  await settled(page);
  await looksWell(page, "flow-runs");
});

test("a run that waits is cancelled, after it was asked", async ({ page, shop }) => {
  const { uuid } = await make(shop);
  const run = await runUntil(shop, uuid, "waiting");
  await page.goto(`/flows/runs/${run}`);
  await page.getByRole("button", { name: "Cancel run" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel run" }).click();
  await expect(page.getByText("cancelled", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Run it again" })).toBeVisible();
});

test("a rehearsal tells what would be done", async ({ page, shop }) => {
  const { uuid } = await make(shop);
  await page.goto(`/flows/${uuid}#rehearse`);
  await page.getByRole("button", { name: "See what it would do" }).click();
  await expect(page.getByRole("list", { name: "What it would do" }).getByRole("listitem").first()).toBeVisible();
  await looksWell(page, "flow-rehearse");
});

test("a webhook's address is shown once; a flow is deleted after it was asked", async ({ page, shop }) => {
  const { uuid, name } = await make(shop, { trigger: { webhook: {} } });
  await page.goto(`/flows/${uuid}#settings`);
  await page.getByRole("button", { name: "Make a new address" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Make a new address" }).click();
  await expect(page.getByLabel("Its address", { exact: true })).toContainText("/flows/hooks/");
  await page.getByRole("button", { name: "Hide" }).click();
  await looksWell(page, "flow-settings");
  await page.getByLabel("Runs at once").fill("many");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByLabel("Runs at once").fill("2");
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(async () => (await shop.call("get_flow", { flow_uuid: uuid })).definition.limit?.at_once).toBe(2);
  await page.getByRole("button", { name: "Delete flow" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete flow" }).click();
  await expect(page.getByRole("heading", { name: "Flows", level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name, exact: true })).toHaveCount(0);
});

test("what somebody wrote who means no good is text", async ({ page, shop }) => {
  const nasty = hostile.map((one) => one.replace("\u0000", ""));
  const { uuid } = await make(shop, {
    about: nasty[0]!, output: "fine",
    steps: nasty.map((one, at) => ({ id: `s${at}`, title: one, when: "false", stop: { reason: one } })),
  });
  const name = unique(nasty[1]!.slice(0, 40));
  await shop.call("update_flow", { flow_uuid: uuid, name });
  const run = await runUntil(shop, uuid, "done");
  for (const address of ["/flows", `/flows/${uuid}`, `/flows/${uuid}#runs`, `/flows/runs/${run}`]) {
    await page.goto(address);
    await expect(page.getByText(name).first()).toBeVisible();
    await settled(page);
    expect(await page.title()).not.toBe("owned");
  }
  await expect(page.getByRole("button", { name: /img src=x/ })).toBeVisible();
});

test("the server is gone: it is said, and found again", async ({ page, shop }) => {
  void shop;
  const address = /operations\/list_flow/;
  await page.route(address, (route) => route.abort());
  await page.goto("/flows");
  await expect(page.getByText("This could not be loaded").first()).toBeVisible();
  await page.unroute(address);
  await page.getByRole("button", { name: "Try again" }).first().click();
  await page.getByRole("button", { name: "Try again" }).first().click();
  await expect(page.getByRole("button", { name: /Use this/ })).toHaveCount(3);
});

test("who may only look is told so", async ({ page, shop }) => {
  const { uuid } = await make(shop);
  await signInAs(page, "viewer");
  await page.goto(`/flows/${uuid}`);
  await page.getByRole("button", { name: "Switch on" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
});
