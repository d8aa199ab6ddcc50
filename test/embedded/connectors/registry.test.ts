import { describe, expect, onTestFinished, test, vi } from "vitest";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Registry } from "../../../embedded/connectors/registry.ts";
import { publishedSources } from "../../../embedded/connectors/published.ts";
import { Programs } from "../../../embedded/connectors/programs.ts";
import type { JsonObject } from "../../../embedded/json.ts";
import type { ConnectorsMode } from "../../../embedded/options.ts";
import { Store } from "../../../embedded/store.ts";
import { faker, temporaryFolder } from "../start.ts";
import { catalog, fakePython } from "./fake-program.ts";

const python = { command: "python3", version: "3.11.2", venv: true };
const github = "ef69ef6e-aa7f-4af1-a01d-ef775033524e";

/** A registry on a machine with these Pythons, where every installation ends like this. */
function registry(mode: ConnectorsMode, pythons = [python], install = vi.fn<Programs["install"]>()) {
  const folder = temporaryFolder();
  vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache")); // no spec is known
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const programs = new Programs(join(folder, "programs"), install);
  onTestFinished(() => programs.close());
  const custom = Store.inFolder(folder, false).definitions;
  const made = new Registry({ custom, mode, programs, localFolder: "unused", pythons, log: () => undefined });
  const source = (id: string) => {
    const connector = made.find("source", id);
    if (!connector) throw new Error(`There is no ${id}`);
    return connector;
  };
  return { ...made, known: made.known(), source, custom, install };
}

const failing = () =>
  vi.fn<Programs["install"]>(() => Promise.reject(new Error("Installing from PyPI failed; is it reachable?")));

test("listing connectors installs none", () => {
  const { known, install } = registry("auto");
  expect(known.map(({ name, version }) => `${name} ${version}`)).toContain("Sample Data 7.2.1");
  expect(known.filter(({ simulated }) => !simulated).map(({ type }) => type)).toEqual(
    publishedSources.filter(({ needsAccount }) => !needsAccount).map(({ type }) => type),
  );
  expect(install).not.toHaveBeenCalled();
});

test("every simulated connector says why", () => {
  for (const mode of ["simulated", "auto", "real"] as const) {
    for (const connector of registry(mode).known) {
      expect(typeof connector.simulatedBecause, connector.name).toBe(connector.simulated ? "string" : "undefined");
    }
  }
});

test("an id is one connector's", () => {
  const ids = registry("auto").known.map(({ definitionId }) => definitionId);
  expect(new Set(ids).size).toBe(ids.length);
});

describe("auto", () => {
  test.each([
    ["no Python", [], "Python 3.10 or newer and older than 3.13 is needed, and there is no Python on PATH"],
    ["too old a Python", [{ ...python, version: "3.9.6" }], "and there is only 3.9.6 on PATH"],
    ["too new a Python", [{ ...python, version: "3.14.1" }], "and there is only 3.14.1 on PATH"],
    ["a Python without venv", [{ ...python, venv: false }], "apt install python3-venv"],
  ])("simulates with %s, and says so", async (_, pythons, why) => {
    const { source, install } = registry("auto", pythons);
    const connector = source(faker);
    expect(connector).toMatchObject({ simulated: true, simulatedBecause: expect.stringContaining(why) as string });
    expect(await connector.check({})).toEqual({
      status: "succeeded",
      message: expect.stringMatching(/^Simulated, nothing was contacted: Python 3\.10 or newer/) as string,
    });
    expect((await connector.discover({})).streams).toHaveLength(3);
    expect((await connector.spec()).connectionSpecification.properties).toHaveProperty("count");
    expect(install).not.toHaveBeenCalled();
  });

  test("simulates what can't be installed, and tries again later", async () => {
    const { source, install } = registry("auto", [python], failing());
    const connector = source(faker);
    expect(connector.simulated).toBe(false);
    expect((await connector.spec()).connectionSpecification.title).toBe("Sample Data source");
    expect(connector.simulatedBecause).toBe("Installing from PyPI failed; is it reachable?");
    expect((await connector.check({})).message).toContain("Installing from PyPI failed");
    expect((await connector.discover({})).streams).toHaveLength(3);
    expect(install).toHaveBeenCalledTimes(1);
    vi.useFakeTimers({ now: Date.now() + 11 * 60_000, toFake: ["Date"] });
    await connector.spec();
    vi.useRealTimers();
    expect(install).toHaveBeenCalledTimes(2);
  });

  test("lets nobody wait for an installation longer than clients do, and goes on with it", async () => {
    let installed!: (environment: { bin: string; python: string }) => void;
    const install = vi.fn<Programs["install"]>(() => new Promise((resolve) => (installed = resolve)));
    const { source } = registry("auto", [python], install);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const asked = expect(source(faker).spec()).rejects.toMatchObject({
      message: "source-faker is still being installed; try again in a minute",
      failureType: "transient_error",
    });
    await vi.advanceTimersByTimeAsync(45_000);
    await asked;
    vi.useRealTimers();
    const again = source(faker).spec();
    const bin = temporaryFolder();
    const spec = { type: "SPEC", spec: { connectionSpecification: { title: "Of the program" } } };
    writeFileSync(join(bin, "source-faker"), `console.log(${JSON.stringify(JSON.stringify(spec))})`);
    const environment = { bin, python: fakePython(bin) };
    installed(environment);
    install.mockResolvedValue(environment);
    expect((await again).connectionSpecification).toEqual({ title: "Of the program" });
    expect(source(faker).simulated).toBe(false);
  });

  test("gives no made-up rows for a connector that is real", async () => {
    const { source } = registry("auto", [python], failing());
    const rows = source(faker).read({}, catalog, null)[Symbol.asyncIterator]();
    await expect(rows.next()).rejects.toThrow("Installing from PyPI failed");
  });

  test("simulates the streams of a connector that needs an account, without installing it", async () => {
    const { source, install } = registry("auto");
    const connector = source(github);
    expect(connector).toMatchObject({
      simulated: true,
      simulatedBecause: expect.stringContaining("account") as string,
      openEnded: true,
    });
    expect((await connector.discover({})).streams).toHaveLength(1);
    expect(install).not.toHaveBeenCalled();
  });
});

test("real is an error where it can't be", async () => {
  const { source } = registry("real", []);
  for (const id of [faker, github]) {
    const connector = source(id);
    expect(connector).toMatchObject({ simulated: false });
    await expect(connector.spec()).rejects.toThrow("there is no Python on PATH");
    await expect(connector.discover({})).rejects.toThrow("there is no Python on PATH");
    expect(await connector.check({})).toMatchObject({ status: "failed", failureType: "system_error" });
  }
});

test("simulated needs no Python", async () => {
  const { source, install } = registry("simulated");
  const connector = source(github);
  expect(connector.simulatedBecause).toContain("embedded.connectors");
  expect((await connector.check({})).status).toBe("succeeded");
  expect(install).not.toHaveBeenCalled();
});

test.each<[string, JsonObject]>([
  ["named", { class_name: "components.Mine" }],
  ["named by a reference", { class_name: { $ref: "#/definitions/components.Mine" } }],
  ["of Airbyte's own library", { class_name: "airbyte_cdk.components.Mine" }],
  ["named by parameters", { $parameters: { class_name: "components.Mine" } }],
])("a manifest with Python code of its own, %s, is refused", async (_, component) => {
  const { source, custom } = registry("auto");
  const manifest = { streams: [{ name: "s", retriever: { type: "CustomRetriever", ...component } }] };
  const id = "1b3e1c64-5f5b-4f43-9a55-0f1c4f9c7c11";
  custom.put({
    ...{ id, workspaceId: id, kind: "source", name: "Mine", dockerRepository: "", dockerImageTag: "1" },
    ...{ documentationUrl: null, manifest, version: 1 },
  });
  expect(await source(id).check({})).toMatchObject({
    status: "failed",
    failureType: "config_error",
    message: expect.stringMatching(/Python code of its own \(.*components\.Mine\)/) as string,
  });
  await expect(source(id).discover({})).rejects.toThrow("components.Mine");
});
