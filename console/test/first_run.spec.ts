// A new user's path by the browser alone, on a program of its own that holds nothing yet.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { tmpdir } from "node:os";

import { expect, hostile, looksWell, test as plain } from "./base";

const program = process.env["PIGGY_PROGRAM"] ?? "../build/release/piggy";
const pages = process.env["PIGGY_CONSOLE"];

async function freePort(): Promise<number> {
  return new Promise((ready) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => ready(port));
    });
  });
}

interface Empty {
  url: string;
  /** The address that the program prints when it starts, with the setup code. */
  begin: string;
}

async function start(): Promise<{ empty: Empty; process: ChildProcess; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "piggy-first-run-"));
  const listen = `127.0.0.1:${await freePort()}`;
  // It is to have no settings but these.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PIGGY_")));
  const started = spawn(program, ["serve", "--data", join(folder, "data"), "--listen", listen, ...(pages ? ["--console-folder", pages] : [])],
                        { stdio: ["ignore", "pipe", "inherit"], env });
  const begin = await new Promise<string>((ready, failed) => {
    let text = "";
    started.stdout.on("data", (more: Buffer) => {
      text += more.toString();
      const found = /http:\S+\?setup=\w+/.exec(text);
      if (found) ready(found[0]);
    });
    started.on("exit", () => failed(new Error(`piggy ended before it was begun: ${text}`)));
  });
  return { empty: { url: `http://${listen}`, begin }, process: started, folder };
}

const test = plain.extend<{ empty: Empty }>({
  // Playwright reads what a fixture needs from its first argument: nothing.
  empty: async ({}, use) => {
    const { empty, process, folder } = await start();
    await use(empty);
    process.removeAllListeners("exit");
    process.kill();
    rmSync(folder, { recursive: true, force: true });
  },
});

test.use({ allowed: [/40[0149]|429|ERR_FAILED/] });

const password = "nine bees in a jar";

test("from nothing to a shop, by the browser alone", async ({ page, empty }) => {
  await page.goto(empty.begin);
  await expect(page.getByRole("heading", { name: "Welcome to Piggy" })).toBeVisible();
  await looksWell(page, "first-run-owner");

  // 1. The owner.
  await page.getByLabel("E-mail address").fill("bea@example.com");
  await page.getByLabel("Your name").fill("Bea");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText("At least 12 characters, please.")).toBeVisible();
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Next" }).click();

  // 2. The shop. The browser's zone is chosen already; the code came with the address.
  await expect(page.getByLabel("Time zone")).toHaveValue("Europe/Amsterdam");
  await expect(page.getByLabel("Setup code")).toHaveCount(0);
  await page.getByLabel("Company or shop").fill("Bea's Bees");
  await looksWell(page, "first-run-shop");
  await page.getByRole("button", { name: "Make my shop" }).click();

  // 3. Something in it.
  await expect(page.getByRole("heading", { name: "Bea's Bees is ready" })).toBeVisible();
  await expect(page).toHaveURL(/\/welcome$/);
  await looksWell(page, "first-run-welcome");
  await page.getByRole("button", { name: "Fill in an example" }).click();
  await expect(page.getByText("The example is there.")).toBeVisible();
  await expect(page.getByText("There are contacts now.")).toBeVisible();

  // 4. An integration.
  await page.getByRole("button", { name: "Connect e-mail" }).click();
  await expect(page.getByText(/^Connected: /)).toBeVisible();
  await page.goto(`${empty.url}/integrations`);
  await expect(page.getByRole("link", { name: "E-mail" })).toBeVisible();
  await expect(page.getByText("1 connection")).toBeVisible();
  await page.goto(`${empty.url}/welcome`);

  // 5. A persona.
  await page.getByLabel("What shall it be called?").fill("Mara");
  await page.getByRole("button", { name: "Make it and talk" }).click();
  await expect(page).toHaveURL(/\/chat\//);
  await page.goto(`${empty.url}/welcome`);
  await expect(page.getByText("You have met.")).toBeVisible();
  await looksWell(page, "first-run-done");

  // What was done is on record, and Bea signs in again by her password.
  await page.goto(`${empty.url}/audit?tool=create_persona`);
  await expect(page.getByRole("link", { name: "create_persona" })).toBeVisible();
  await page.context().clearCookies();
  await page.goto(empty.url);
  await page.getByLabel("E-mail address").fill("bea@example.com");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation", { name: "Pages" })).toBeVisible();
});

test("a wrong code begins nothing, and what was typed stays", async ({ page, empty }) => {
  await page.goto(empty.url);
  await page.getByLabel("E-mail address").fill("bea@example.com");
  await page.getByLabel("Your name").fill(hostile[0]!);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("Company or shop").fill(hostile[1]!);
  await page.getByLabel("Setup code").fill("not the code");
  await page.getByRole("button", { name: "Make my shop" }).click();
  await expect(page.getByText("The code is not the one")).toBeVisible();
  await expect(page.getByLabel("Company or shop")).toHaveValue(hostile[1]!);
  await page.getByLabel("Setup code").fill(new URL(empty.begin).searchParams.get("setup")!);
  await page.getByRole("button", { name: "Make my shop" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(hostile[1]!);
  await expect(page.getByRole("button", { name: hostile[0]! })).toBeVisible();
  expect(await page.title()).not.toBe("owned");
});

test("when somebody else was first, one signs in; the server gone is said", async ({ page, empty, browser }) => {
  const late = await browser.newPage();
  for (const one of [page, late]) {
    await one.goto(empty.begin);
    await one.getByLabel("E-mail address").fill("bea@example.com");
    await one.getByLabel("Password").fill(password);
    await one.getByRole("button", { name: "Next" }).click();
    await one.getByLabel("Company or shop").fill("Bees");
  }
  await page.route("**/platform/installation", (route) => route.abort());
  await page.getByRole("button", { name: "Make my shop" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.unroute("**/platform/installation");
  await page.getByRole("button", { name: "Make my shop" }).click();
  await expect(page.getByRole("heading", { name: "Bees is ready" })).toBeVisible();
  await page.getByRole("button", { name: "Start empty" }).click();
  await expect(page.getByText("You start empty.")).toBeVisible();
  await late.getByRole("button", { name: "Make my shop" }).click();
  await expect(late.getByRole("heading", { name: "Sign in to Piggy" })).toBeVisible();
  await late.close();
});
