// The page in Chromium, shown hostile texts wherever somebody else's can come to stand in it.
import { existsSync } from "node:fs";
import fc from "fast-check";
import { delimiter, join } from "node:path";
import { chromium, type Browser, type Page, type Route } from "playwright-core";
import { createEmbeddedServer, type EmbeddedServer } from "../embedded/server.ts";
import type { Outcome } from "./gateway.ts";
import type { FuzzOptions } from "./options.ts";

/** What would be seen of a text that runs: the page's title, which it never changes. */
const taken = "document.title='taken'";

/** What opens a script in one place or another, what hides or turns text, and what is long. */
const pieces = [
  `<script>${taken}</script>`,
  `<img src=x onerror="${taken}">`,
  `<svg/onload="${taken}">`,
  `"><iframe srcdoc="<script>parent.${taken}</script>"></iframe>`,
  `<a href="javascript:${taken}">x</a>`,
  `javascript:${taken}`,
  `' onmouseover='${taken}' x='`,
  `<style>@import "http://192.0.2.1/x.css";</style>`,
  `<link rel=stylesheet href=http://192.0.2.1/x.css>`,
  `<meta http-equiv=refresh content="0;url=http://192.0.2.1/">`,
  `<form action=http://192.0.2.1/><button id=drawer-close autofocus>x</button></form>`,
  "</title></textarea></style></script><!--",
  "{{constructor.constructor('alert(1)')()}}${alert(1)}",
  "http://192.0.2.1/",
  ...["\u202e", "\u2066", "\u200b", "\0", "\u001b[2J", "\ud800", "\n", "__proto__", "constructor", ""],
  "long ".repeat(4_000),
];

/** Texts of one to four of these, the same for the same seed; each piece alone first. */
export function hostileTexts(count: number, seed: number): string[] {
  const some = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
  return [...pieces.filter((piece) => piece !== ""), ...fc.sample(some, { numRuns: count, seed })];
}

const patienceMs = 15_000;
/** How many texts stand in the page at once. */
const together = 12;

export async function fuzzPage({ seed, examples }: FuzzOptions, folder: string): Promise<Outcome> {
  const began = Date.now();
  const outcome: Outcome = { part: "page", calls: 0, operations: 0, failures: [], seconds: 0, cut: false, note: "" };
  if (whyNoChromium !== undefined) return { ...outcome, note: `left out: ${whyNoChromium}` };
  const texts = hostileTexts(examples, seed);
  const browser = await launchChromium();
  try {
    for (let at = 0; at < texts.length; at += together) {
      const some = texts.slice(at, at + together);
      const server = await createEmbeddedServer({
        dataDir: join(folder, `page-${at}`),
        persist: false,
        auth: "none",
        jobMs: 1,
      });
      try {
        const page = await (await browser.newContext({ reducedMotion: "reduce" })).newPage();
        page.setDefaultTimeout(patienceMs);
        const wrong = watch(page, server.url);
        await show(page, server, some, () => (outcome.calls += 1)).catch((error: unknown) => {
          wrong.add((error as Error).message);
        });
        if ((await page.title()) !== "Embedded Airbyte") wrong.add("a text has run: it has changed the title");
        outcome.failures.push(
          ...[...wrong].map((what) => ({ what, method: "", path: "page", sent: JSON.stringify(some) })),
        );
        await page.unrouteAll({ behavior: "ignoreErrors" });
        await page.context().close();
      } finally {
        await server.close();
      }
    }
  } finally {
    await browser.close();
  }
  const note = `${texts.length} texts, as names, settings, rows, logs and failures`;
  return { ...outcome, note, seconds: (Date.now() - began) / 1000 };
}

/** Everything that a page does which this one never does by itself; what is called tells what there was. */
function watch(page: Page, url: string): Set<string> {
  const wrong = new Set<string>();
  page.on("dialog", (dialog) => {
    wrong.add(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(`${url}/`)) wrong.add(`a request to ${request.url().slice(0, 100)}`);
  });
  page.on("pageerror", (error) => wrong.add(`an error in the page: ${error.message}`));
  page.on("popup", () => wrong.add("a window"));
  page.on("framenavigated", (frame) => {
    if (frame !== page.mainFrame()) wrong.add("a frame");
  });
  // The browser complains of what it didn't let happen; the page must not even try.
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") wrong.add(message.text().slice(0, 200));
  });
  return wrong;
}

/** Makes pipelines that are named so, and looks at all that the page shows of them, telling of each look. */
async function show(page: Page, server: EmbeddedServer, texts: string[], looked: () => void): Promise<void> {
  const post = async (path: string, body: object) => {
    const response = await fetch(`${server.url}${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, string>;
  };
  const api = "/api/public/v1";
  const { workspaceId } = server;
  for (const text of texts) {
    const named = { name: text, workspaceId };
    const { sourceId } = await post(`${api}/sources`, {
      ...named,
      configuration: { sourceType: "faker", [text]: text },
    });
    const settings = {
      ...{ destinationType: "postgres", host: text, port: 5432, database: text },
      schema: text,
      username: text,
    };
    const { destinationId } = await post(`${api}/destinations`, { ...named, configuration: settings });
    const connection = {
      name: text,
      sourceId,
      destinationId,
      prefix: text,
      namespaceDefinition: "custom_format",
      namespaceFormat: text,
    };
    const { connectionId } = await post(`${api}/connections`, connection);
    await post(`${api}/jobs`, { connectionId, jobType: "sync" });
  }
  await page.route("**/page/{rows,jobs}/**", (route) => withTexts(route, texts));
  await page.goto((await post("/api/embedded/page-links", {})).url ?? "");
  await page
    .locator("#connections .card")
    .nth(texts.length - 1)
    .waitFor();
  looked();
  const openers = page.locator("[aria-haspopup=dialog]");
  for (let at = 0; at < (await openers.count()); at++) {
    await openers.nth(at).dispatchEvent("click");
    await page.locator("#drawer[open]").waitFor();
    for (const tab of await page.locator("#drawer .tab").all()) await tab.dispatchEvent("click");
    await page.keyboard.press("Escape");
    looked();
  }
}

/** Simulated connectors have no rows and never fail, so the texts come into these answers on their way. */
async function withTexts(route: Route, texts: string[]): Promise<void> {
  const response = await route.fetch();
  const answer = (await response.json()) as { job?: object; log?: object; attempts?: object[] };
  const rows = texts.map((text) => ({ [text]: text, nested: { [text]: [text] } }));
  // Streams' names travel in addresses, of which a server takes 16 KB.
  const names = texts.map((text) => text.slice(0, 1_000));
  const streams = names.map((name) => ({ name, namespace: name, count: 1, rows }));
  const told = answer.job
    ? {
        job: { ...answer.job, connection: texts[0], failure: texts.join("") },
        attempts: (answer.attempts ?? []).map((attempt) => ({ ...attempt, failure: texts.join("") })),
        log: { ...answer.log, lines: texts },
      }
    : { ...answer, destination: texts[0], simulatedBecause: null, streams };
  await route.fulfill({ response, json: told });
}

const names = ["chromium", "chromium-browser", "google-chrome"];
const found = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => names.map((name) => join(folder, name)))
  .find((file) => existsSync(file));

/** Why nothing can be looked at through a browser; undefined where there is one. */
export const whyNoChromium = found === undefined ? "needs Chromium (Debian: apt install chromium)" : undefined;

/** The machine's Chromium, without a window; it asks nobody but the servers that it is led to. */
export function launchChromium(): Promise<Browser> {
  if (found === undefined) throw new Error(whyNoChromium);
  return chromium.launch({ executablePath: found, args: ["--disable-gpu", "--disable-dev-shm-usage"] });
}
