import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createEmbeddedServer } from "../../embedded/server.ts";
import { pythonWith, whyNoPython } from "./virtual-environment.ts";

// The newest release of the SDK cannot read destinations of any Airbyte (it wants a key in their configuration that
// the server strips); this one, which PyAirbyte pins, can.
const SDK = "airbyte-api==0.53.0";

test(
  "Airbyte's own Python SDK does a full cycle of source, destination, connection and job",
  { timeout: 300_000 },
  async (context) => {
    const missing = whyNoPython();
    if (missing !== undefined) return context.skip(`needs Python: ${missing}`);
    const python = await pythonWith(SDK);
    const server = await createEmbeddedServer({ dataDir: mkdtempSync(join(tmpdir(), "airbyte-")), jobMs: 50 });
    onTestFinished(() => server.close());

    const { clientId, clientSecret, url } = server;
    const child = spawn(python, [join(import.meta.dirname, "official-sdk.py"), url]);
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stdin.end(JSON.stringify({ clientId, clientSecret }));
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(output).toMatch(/full cycle done, rows synced: [1-9]/);
    expect(code).toBe(0);
  },
);
