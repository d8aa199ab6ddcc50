import { delimiter, join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Checkout } from "../setup/checkout.ts";
import {
  connectorsAhead,
  emptyCache,
  fakeProgram,
  project,
  projectDir,
  pulumiCommand,
  temporaryFolder,
  write,
} from "../modules.ts";

/** The environments for pipelines with these sources and destinations. */
function wanted(lines: string, mode = "auto"): Promise<string[]> {
  emptyCache();
  const dir = temporaryFolder();
  write(join(dir, "pipelines.yaml"), lines);
  return connectorsAhead.environmentsFor(dir, undefined, mode);
}

/** A project with a stack, and a pulumi that does nothing. */
function stackOfFaker() {
  const dir = temporaryFolder();
  write(join(dir, "Pulumi.yaml"), "name: p\nruntime: nodejs\nbackend:\n  url: file://./.pulumi-state\n");
  write(join(dir, "pipelines.yaml"), "sources: { a: { connector: faker, configuration: {} } }\n");
  write(join(dir, ".pulumi-state/.pulumi/stacks/p/dev.json"), "{}");
  const bin = temporaryFolder();
  fakeProgram(bin, "pulumi", "exit 0");
  return { dir, env: { PATH: [bin, process.env.PATH].join(delimiter) } };
}

describe("what is installed before an up or a preview", () => {
  test.each([
    ["by type", "sources: { a: { connector: faker }, b: { connector: faker } }", ["source-faker"]],
    ["by name", "sources: { a: { connector: Sample Data } }", ["source-faker"]],
    ["by id", "sources: { a: { definitionId: 778daa7c-feaf-4db6-96f3-70fd645acc77 } }", ["source-file"]],
    ["from the defaults", "defaults: { sources: { connector: pokeapi } }\nsources: { a: {} }", ["source-pokeapi"]],
    ["a database", "destinations: { a: { connector: duckdb } }", ["pyairbyte"]],
    ["manifests", "declarativeSourceDefinitions: { a: {} }", ["source-declarative-manifest"]],
    ["nothing of simulated ones", "sources: { a: { connector: hubspot } }\ndestinations: { b: { connector: s3 } }", []],
    ["nothing of a file with a mistake", "sources: [", []],
  ])("is what the pipelines use: %s", async (_, lines, expected) => {
    expect(await wanted(lines)).toEqual(expected);
  });

  test("is of the sample its connectors, those that are only asked for their specification once", async () => {
    const cache = emptyCache();
    const all = () => connectorsAhead.environmentsFor(projectDir, undefined, "auto");
    expect(await all()).toEqual(["source-faker", "source-google-sheets", "pyairbyte"]);
    write(join(cache, "specs/airbyte-source-google-sheets==0.11.0.json"), "{}");
    expect(await all()).toEqual(["source-faker", "pyairbyte"]);
    expect(await connectorsAhead.environmentsFor(projectDir, undefined, "real")).toContain("source-google-sheets");
  });

  test("that can't be had is said, once, and the up goes on", async () => {
    emptyCache();
    const bin = temporaryFolder();
    fakeProgram(
      bin,
      "python3",
      '[ "$1" = -c ] && printf "3.11.2\\nvenv\\n" && exit; echo "no route to PyPI" >&2; exit 1',
    );
    vi.stubEnv("PATH", [bin, "/bin"].join(delimiter));
    const said = vi.spyOn(console, "error").mockReturnValue();
    onTestFinished(() => {
      vi.unstubAllEnvs();
      said.mockRestore();
    });
    const checkout = new Checkout();
    const settings = project.readProject(checkout.dir, {});
    await connectorsAhead.bringConnectors(settings, {});
    const text = said.mock.calls.flat().join("\n");
    expect(text).toMatch(/source-faker can't be installed: [^]*no route to PyPI\n {2}Without it, it is simulated/);

    said.mockClear();
    const { dir, env } = stackOfFaker();
    for (const verb of ["preview", "refresh"]) {
      said.mockClear();
      expect(await pulumiCommand.pulumi(dir, [verb], env)).toBe(0);
      expect(said.mock.calls.flat().join().includes("source-faker can't be installed")).toBe(verb === "preview");
    }

    said.mockClear();
    await connectorsAhead.bringConnectors(settings, {
      config: { [`${settings.name}:embedded`]: { connectors: "simulated" } },
    });
    expect(said).not.toHaveBeenCalled();
  });
});
