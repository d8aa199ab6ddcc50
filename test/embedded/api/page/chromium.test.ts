// The page in a real browser.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { fuzzPage, launchChromium, whyNoChromium } from "../../../../fuzz/page.ts";
import { needsConnector } from "../../connectors/real.ts";
import { createPipeline, createSource, mask, postgresConfiguration, send, start, type Running } from "../../start.ts";
import { page as scripts, fakeProgram, temporaryFolder } from "../../../scripts/modules.ts";
import { connectFaker, sync } from "../../syncs/pipelines.ts";
import { pageLink } from "./session.ts";

let browser: Browser | undefined;

describe("the page in Chromium", { timeout: 300_000 }, () => {
  beforeAll(async () => {
    if (whyNoChromium === undefined) browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser?.close());

  const opened = () => {
    if (!browser) throw new Error(whyNoChromium);
    return browser;
  };

  /** The page of a server by a fresh link, and all that it asked for and complained of. */
  async function visit(
    server: Running,
    { colorScheme = "light", width = 1200 }: { colorScheme?: "light" | "dark"; width?: number } = {},
  ) {
    const context = await opened().newContext({
      colorScheme,
      viewport: { width, height: 900 },
      reducedMotion: "reduce",
    });
    onTestFinished(() => context.close());
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(await pageLink(server));
    return { page, requests, complaints };
  }

  const cards = (page: Page, column: string) => page.locator(`#${column} .card`);
  const drawer = (page: Page) => page.getByRole("dialog");

  test("shows the pipelines as a picture, settings without secrets, and runs a sync", async (context) => {
    context.skip(whyNoChromium !== undefined, whyNoChromium);
    const server = await start({ faults: true, jobMs: 600_000 });
    const hostile = `<script>document.title = "taken"</script><img src=x onerror="document.title='taken'">\u202e`;
    await createPipeline(server, { name: hostile });
    const { page, requests, complaints } = await visit(server);

    await cards(page, "connections").waitFor(); // exactly one
    expect(await cards(page, "sources").innerText()).toMatch(/Sample[^]*simulated/);
    expect(await cards(page, "destinations").innerText()).toMatch(/Warehouse[^]*simulated/);
    expect(await cards(page, "connections").innerText()).toContain("Not synced yet");
    expect(await page.locator("#lines path").count()).toBe(2);
    expect(page.url()).toBe(`${server.url}/`); // the code is gone from the address

    const card = cards(page, "connections");
    expect(await card.getByRole("heading").innerText()).toBe(hostile.replace("\u202e", "\ufffd"));
    const sync = card.getByRole("button", { name: /^Sync .* now$/ });
    await sync.click();
    await card.locator(".state.busy").waitFor();
    expect(await sync.isDisabled()).toBe(true);
    await server.call("DELETE", "/jobs/1");
    await card.getByText("Cancelled").waitFor();
    await send("POST", `${server.url}/faults`, server.token, { jobMs: 30 });
    await sync.click();
    await card.getByText("Succeeded").waitFor();
    expect(await page.locator("#jobs tr").allInnerTexts()).toEqual([
      expect.stringMatching(/Sync 2[^]*Succeeded/),
      expect.stringMatching(/Sync 1[^]*Cancelled/),
    ]);

    await page.getByRole("button", { name: "Sync 2" }).click();
    await drawer(page).getByText("Job 2 succeeded").waitFor();
    await drawer(page).getByText("Sample is simulated: rows are counted, nothing is moved").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Warehouse" }).press("Enter");
    await drawer(page).getByText("db.example.com").waitFor();
    expect(await drawer(page).innerText()).toContain(mask);
    const seen = await page.content();
    expect(seen).not.toContain(postgresConfiguration.password);

    expect(await page.title()).toBe("Embedded Airbyte");
    expect(requests.filter((url) => !url.startsWith(server.url))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("runs and asks for nothing of what names, settings, rows, logs and failures say", async (context) => {
    context.skip(whyNoChromium !== undefined, whyNoChromium);
    const { calls, failures } = await fuzzPage({ seed: 1, seconds: 0, examples: 0 }, temporaryFolder());
    expect(failures).toEqual([]);
    expect(calls).toBeGreaterThan(50);
  });

  test("follows what others do, and says when the server has ended", async (context) => {
    context.skip(whyNoChromium !== undefined, whyNoChromium);
    const server = await start();
    const { page } = await visit(server);
    await page.getByText("No pipelines yet").waitFor();
    await createSource(server);
    await cards(page, "sources").getByText("Sample", { exact: true }).waitFor();
    await server.close();
    await page.getByText("The server has ended").waitFor();
  });

  test("opens from the file that a browser is started with", async (context) => {
    context.skip(whyNoChromium !== undefined, whyNoChromium);
    const server = await start();
    await createPipeline(server);
    const { page } = await visit(server);
    await page.context().clearCookies(); // it was let in by another link
    const folder = temporaryFolder();
    fakeProgram(folder, "xdg-open", "exit 0");
    expect(await scripts.openInBrowser(await pageLink(server), folder, { DISPLAY: ":0", PATH: folder })).toBe(true);
    await page.goto(`file://${folder}/open.html`);
    await page.waitForURL(`${server.url}/`);
    await cards(page, "connections").waitFor();
  });

  test("shows the first rows that have arrived", async (context) => {
    context.skip(whyNoChromium !== undefined, whyNoChromium);
    await needsConnector(context, "source-faker", "pyairbyte");
    const server = await start({ connectors: "real" });
    const lines = { destinationType: "local-json", destination_path: "/local/lines" };
    const { connectionId } = await connectFaker(server, 12, lines, "full_refresh_overwrite", { name: "sample" });
    expect(await sync(server, connectionId)).toMatchObject({ status: "succeeded" });
    const { page } = await visit(server);
    await page.getByRole("button", { name: "sample", exact: true }).click();
    await drawer(page)
      .getByRole("button", { name: /^users/ })
      .click();
    await drawer(page).getByText("10 of 12 rows, in Warehouse").waitFor();
    expect(await drawer(page).locator(".rows tbody tr").count()).toBe(10);
  });

  test.for(["light", "dark"] as const)("is readable in %s, on a telephone too", async (colorScheme, context) => {
    context.skip(whyNoChromium !== undefined, whyNoChromium);
    const server = await start();
    await createPipeline(server);
    const { page } = await visit(server, { colorScheme, width: 390 });
    await cards(page, "connections").getByText("Sample → Warehouse").waitFor();
    const brightness = (property: string) =>
      page.evaluate<number>(`Number(/\\d+/.exec(getComputedStyle(document.body).${property})[0])`);
    const [ground, text] = [await brightness("backgroundColor"), await brightness("color")];
    if (colorScheme === "dark") expect(text - ground).toBeGreaterThan(150);
    else expect(ground - text).toBeGreaterThan(150);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
  });

  test("without a session shows nothing but how to get one; a link works once", async (context) => {
    context.skip(whyNoChromium !== undefined, whyNoChromium);
    const server = await start();
    await createPipeline(server);
    const { page } = await visit(server);
    await cards(page, "connections").waitFor();
    const other = await (await opened().newContext()).newPage();
    onTestFinished(() => other.context().close());
    await other.goto(server.url);
    await other.getByText("npm run open").first().waitFor();
    expect(await other.content()).not.toContain("Warehouse");
    const link = await pageLink(server);
    const used = page.waitForResponse(/\/page\/session$/);
    await page.goto(link);
    expect((await used).status()).toBe(200);
    // Used up, it closes nothing that is open.
    const refused = page.waitForResponse(/\/page\/session$/);
    await page.goto(link);
    expect((await refused).status()).toBe(401);
    await cards(page, "connections").waitFor();
    await other.goto(link);
    await other.getByText("This link was used already").waitFor();
    expect(await other.content()).not.toContain("Warehouse");
  });
});
