import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { callEmbedded } from "../../../scripts/stack/airbyte.ts";
import { printArrived } from "../../../scripts/stack/arrived.ts";

vi.mock("../../../scripts/stack/airbyte.ts", { spy: true });
afterEach(() => {
  vi.restoreAllMocks();
});

interface Stream {
  name: string;
  namespace: string | null;
  count: number;
}

const connection = (name: string, streams: Stream[], simulatedBecause: string | null = null) => {
  return { connectionId: `id-of-${name}`, name, destination: "lake", simulatedBecause, streams };
};

/** What `npm run rows -- STREAM` prints where these connections have synced; the first rows name their connection and namespace. */
async function shown(all: ReturnType<typeof connection>[], stream: string) {
  vi.mocked(callEmbedded).mockImplementation(({}, { path, query }) => {
    const rowsOf = (one: (typeof all)[number]) => {
      const streams = one.streams.filter(({ name }) => query?.stream === undefined || name === query.stream);
      return {
        ...one,
        streams: streams.map((each) => ({ ...each, rows: [{ of: `${one.name} ${each.namespace ?? ""}` }] })),
      };
    };
    const one = all.find(({ connectionId }) => path.endsWith(`/${connectionId}`));
    return Promise.resolve((one ? rowsOf(one) : { data: all.map(rowsOf) }) as never);
  });
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(console, "error").mockImplementation((line: string) => void lines.push(line));
  const projectDir = mkdtempSync(join(tmpdir(), "arrived-"));
  writeFileSync(join(projectDir, "Pulumi.yaml"), "name: some\nruntime: nodejs\n");
  mkdirSync(join(projectDir, ".airbyte", "dev", "embedded"), { recursive: true });
  const code = await printArrived({ projectDir, stack: "dev", args: [stream], env: {}, options: {} } as never);
  return { code, lines };
}

const orders = { name: "orders", namespace: null, count: 1 };

test("the rows of a stream that one connection has brought", async () => {
  const { code, lines } = await shown([connection("shop", [orders])], "orders");
  expect(code).toBe(0);
  expect(lines).toEqual(["of", "shop", "1 of 1 rows, in lake"]);
});

test("of streams of one name, in several connections or namespaces, each is shown, and says which it is", async () => {
  const eu = { ...orders, namespace: "eu" };
  const us = { ...orders, namespace: "us" };
  const played = connection("sheet", [orders], "Google Sheets is simulated");
  const { code, lines } = await shown([connection("shop", [orders]), connection("bank", [eu, us]), played], "orders");
  expect(code).toBe(0);
  expect(lines).toEqual([
    '4 streams "orders" have synced:',
    ...['\nBy the connection "shop":', "of", "shop", "1 of 1 rows, in lake"],
    ...['\nBy the connection "bank", from eu:', "of", "bank eu", "1 of 1 rows, in lake"],
    ...['\nBy the connection "bank", from us:', "of", "bank us", "1 of 1 rows, in lake"],
    ...['\nBy the connection "sheet":', "Google Sheets is simulated"],
  ]);
});

test("a stream that none has brought", async () => {
  const { code, lines } = await shown([connection("shop", [orders])], "order");
  expect(code).toBe(1);
  expect(lines).toEqual(['No stream "order" has synced; did you mean "orders"?']);
});
