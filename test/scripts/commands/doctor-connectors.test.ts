import { expect, test } from "vitest";
import type { EmbeddedSettings } from "../../../settings/config.ts";
import { examineConnectors } from "../../../scripts/commands/doctor/examine.ts";
import { Report } from "../../../scripts/commands/doctor/report.ts";

/** What the doctor says of a stack with this `embedded.connectors`, on a machine with Pythons of these versions. */
async function doctor(connectors: "auto" | "real" | "simulated" | undefined, ...versions: string[]) {
  const lines: string[] = [];
  const report = new Report((line) => lines.push(line));
  const settings = { embedded: { connectors } } as EmbeddedSettings;
  const pythons = versions.map((version) => ({ command: "python3", version, venv: true }));
  await examineConnectors(report, settings, Promise.resolve(pythons));
  return { text: lines.map((line) => line.trim()).join("\n"), failures: report.failures };
}

test("with Python, connectors are real but for those that need an account", async () => {
  const { text, failures } = await doctor(undefined, "3.11.2");
  expect(text).toMatch(/^info +connectors +real: faker, file, .*pokeapi \(installed on first use\)$/m);
  expect(text).toMatch(/^real spec and check, simulated streams: github, google-sheets, stripe /m);
  expect(text).not.toContain("; Python");
  expect(failures).toEqual([]);
  expect((await doctor("real", "3.11.2")).text).toMatch(/real: .*github/);
});

test("a Python that only some run on is told with those that it isn't good for", async () => {
  const { text } = await doctor("auto", "3.12.3");
  expect(text).toMatch(/real: faker, hardcoded-records /);
  expect(text).toMatch(/^simulated: file, pokeapi, stripe; Python 3.10 or newer and older than 3.12 is needed/m);
});

test("without Python they are simulated, and that is no failure unless they have to be real", async () => {
  const auto = await doctor("auto");
  expect(auto.text).toMatch(/simulated: faker.*; Python 3.10 or newer .* is needed, and there is no Python on PATH/);
  expect(auto.failures).toEqual([]);
  const real = await doctor("real", "3.9.6");
  expect(real.text).toMatch(/not possible: faker.*there is only 3.9.6 on PATH/);
  expect(real.failures).toEqual(["connectors"]);
});

test("simulated ones are simulated by choice", async () => {
  expect((await doctor("simulated", "3.11.2")).text).toMatch(/simulated, as embedded.connectors says$/);
});
