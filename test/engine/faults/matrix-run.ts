import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { ensureRunning, stop, type RunningServer } from "../../../embedded/index.ts";
import { finish, type ResourceState, type Run } from "../project.ts";
import { API, SECRETS } from "../sample.ts";
import { until, type Declared, type Faulty } from "./faults.ts";
import {
  ALL_KINDS,
  fails,
  isUntold,
  LASTING,
  rulesOf,
  stable,
  subjectsOf,
  type Command,
  type Entries,
  type Phase,
  type Step,
  type Subject,
  type Way,
} from "./matrix.ts";

/** An Airbyte in a process of its own, which a test can kill. */
export class KillableAirbyte {
  readonly #dataDir: string;
  #server!: RunningServer;

  constructor(dataDir = mkdtempSync(join(tmpdir(), "airbyte-"))) {
    this.#dataDir = dataDir;
  }

  /** At the same address, with the same data. */
  async start(): Promise<RunningServer> {
    // A sync that fails is not tried again: tests have no time for that.
    const options = { faults: true, connectors: "simulated", retries: { attempts: 1, backoffMs: 1 } } as const;
    return (this.#server = await ensureRunning(this.#dataDir, options));
  }

  kill(): void {
    process.kill(this.#server.pid, "SIGKILL");
  }

  stop(): Promise<void> {
    return stop(this.#dataDir);
  }
}

/** Steps that fail, each in its way, in one run after the other, and the command that follows. */
export interface Row {
  ways: Partial<Record<Step, Way>>;
  runs: Phase[][];
  command: Command;
}

type Variant = "before" | "after" | "mended" | "changed" | "removed";

const COMPLAINT = /Could not|does not connect|first sync|expected integer/;

/** Runs one row: everything is brought up, the steps fail, the command follows and keeps its promise, and all is brought up again. */
export class MatrixRun {
  readonly #faulty: Faulty;
  readonly #airbyte: KillableAirbyte;
  readonly #row: Row;
  readonly #subjects: Subject[];
  readonly #isGone: boolean;
  /** What fails in the run that is under way, or was last. */
  #phases: Phase[] = [];

  constructor(faulty: Faulty, airbyte: KillableAirbyte, row: Row) {
    this.#faulty = faulty;
    this.#airbyte = airbyte;
    this.#row = row;
    const steps = Object.entries(row.ways) as [Step, Way][];
    const takesPart = ({ phase }: Subject) => row.runs.flat().includes(phase);
    this.#subjects = steps.flatMap(([step, way]) => subjectsOf(step, way)).filter(takesPart);
    this.#isGone = steps.some(([, way]) => way.startsWith("gone"));
  }

  async run(): Promise<void> {
    await this.#airbyte.start();
    await this.#faulty.calm(); // Nothing of a row that failed.
    this.#declare("before");
    await this.#up("--refresh");
    for (const phases of this.#row.runs) {
      await this.#faulty.calm();
      this.#phases = phases;
      await this.#fail();
    }
    await this.#follow();
    this.#declare(this.#next);
    await this.#up();
    await this.#settled();
  }

  /** What a run that fails must leave as it is: all, where it only asks. */
  get #isAsking(): boolean {
    return this.#isReading || (this.#phases.length === 1 && this.#phases[0] === "checking");
  }

  get #isReading(): boolean {
    return this.#phases.includes("reading");
  }

  #way({ step }: Subject): Way {
    return this.#row.ways[step]!;
  }

  async #fail(): Promise<void> {
    const faulty = this.#faulty;
    const ids = faulty.ids();
    const subjects = this.#subjects.filter(({ phase }) => this.#phases.includes(phase));
    const rules = subjects.flatMap((subject) => {
      const type = subject.kind.charAt(0).toUpperCase() + subject.kind.slice(1, -1);
      return rulesOf(subject, this.#way(subject), ids[`${type}/${subject.name}`]);
    });
    // Connectors quote what they are configured with.
    const checkError = "no route to the host with {configuration}";
    const jobError = `no route to the host with ${SECRETS.warehousePassword}`;
    const isBroken = subjects.some((subject) => this.#way(subject) === "connector");
    await faulty.inject({ next: rules, ...(isBroken ? { checkError, jobError } : {}) });
    this.#declare((subject) => (subjects.includes(subject) ? "after" : "before"));
    const before = faulty.held();
    const failed = await (this.#isGone ? this.#killedIn() : this.#command());
    if (!this.#isGone) {
      // Looking for what a lost answer has done is not a step; so that may go unmet.
      const unmet = (await faulty.unmet()).filter(({ count, path }) => count === LASTING && !path?.endsWith("$"));
      if (this.#isReading) expect(unmet.length, failed.text).toBeLessThan(subjects.length);
      else expect(unmet, failed.text).toEqual([]);
    }
    this.#complains(failed);
    if (this.#isAsking && failed.code !== 0) expect(essence(faulty.held())).toEqual(essence(before));
  }

  get #arguments(): string[] {
    const all = ["--yes", "--skip-preview", "--stack", "dev", "--parallel", "64"];
    if (this.#isReading) return ["refresh", ...all];
    return ["up", ...all, ...(this.#phases.includes("deleting first") ? [] : ["--continue-on-error"])];
  }

  #command(): Promise<Run> {
    this.#faulty.write();
    return this.#faulty.project.pulumi(this.#arguments);
  }

  /** The server is killed when it has all the calls of the steps. */
  async #killedIn(): Promise<Run> {
    this.#faulty.write();
    let over = false;
    const ended = finish(this.#faulty.project.spawn(this.#arguments));
    void ended.finally(() => (over = true));
    await until(async () => over || (await this.#faulty.unmet()).length === 0, 100);
    expect(over, "the run ended before all steps were met").toBe(false);
    await sleep(500); // Those that are worked on first are done by then.
    this.#airbyte.kill();
    return ended;
  }

  /** Each step that failed is told of in a sentence of its own, with the next step; nothing else is. */
  #complains({ code, text }: Run, isSecondTime = false): void {
    const failing = this.#subjects.filter(
      (subject) => this.#phases.includes(subject.phase) && fails(subject, this.#way(subject), isSecondTime),
    );
    expect(code !== 0, text).toBe(failing.length > 0);
    expect(text).not.toMatch(/^\s+at /m);
    const complaints = text.split("\n").filter((line) => COMPLAINT.test(line));
    const silent = failing.filter((subject) =>
      this.#isMistake(subject)
        ? !text.includes("configuration.port: expected integer")
        : !complaints.some((line) => line.includes(subject.name)),
    );
    // A refresh ends with the first that can't be read; what is under way then is told of, too.
    if (this.#isReading) expect(silent.length, text).toBeLessThan(failing.length);
    else
      expect(
        silent.map(({ name }) => name),
        text,
      ).toEqual([]);
    if (failing.some((subject) => !this.#isMistake(subject))) expect(text).toContain("Next step:");
  }

  async #follow(): Promise<void> {
    const { project } = this.#faulty;
    const { command } = this.#row;
    if (command === "up unchanged") await this.#unchanged();
    else await this.#recover();
    switch (command) {
      case "refresh":
        await project.refresh();
        return this.#isWhatTheServerHas();
      case "preview":
        return this.#previewed();
      case "up unchanged":
      case "up mended":
      case "connector changed":
        return undefined; // The very next up of this row is it.
      case "entry removed":
        this.#declare("removed");
        await this.#up();
        return this.#nothingButUntold();
      case "destroy":
        await project.destroy();
        expect(await project.resources()).toEqual([]);
        return this.#nothingButUntold(true);
    }
  }

  /** The fault is over; whoever wants to see it again must look before. */
  async #recover(): Promise<void> {
    await this.#airbyte.start();
    await this.#faulty.calm();
  }

  /** While the fault lasts, the same run fails with the same words. */
  async #unchanged(): Promise<void> {
    const again = await this.#command();
    if (this.#isGone) {
      expect(again.code, again.text).not.toBe(0);
      expect(again.text).toContain("check that Airbyte runs");
      expect(again.text).not.toMatch(/^\s+at /m);
    } else this.#complains(again, true);
    await this.#recover();
  }

  /** What is declared when all is over: the command that follows may be the one that brings it about. */
  readonly #next = (subject: Subject): Variant => {
    const { command } = this.#row;
    if (command === "connector changed") return "changed";
    return command === "up mended" || this.#isMistake(subject) ? "mended" : "after";
  };

  #isMistake(subject: Subject): boolean {
    return subject.step === "check" && this.#way(subject) === "connector";
  }

  /** What the state holds is on the server, and what is on the server is in the state, but for what nobody was told of. */
  async #isWhatTheServerHas(): Promise<void> {
    const held = this.#faulty.held().map(({ id }) => id);
    const found = await this.#everything();
    const unknown = found.filter(({ id }) => !held.includes(id));
    expect(unknown.map(({ name }) => name).sort()).toEqual(this.#untold());
    // What is replaced half-way stays in the state under its old id; the engine doesn't ask for it, and the next run ends it.
    const there = this.#faulty.held().filter((resource) => !resource.pendingReplacement && !resource.delete);
    const kinds = there.filter(({ type }) => /:(Source|Destination|Connection|Tag)$/.test(type));
    const ids = found.map(({ id }) => id);
    expect(kinds.filter(({ id }) => !ids.includes(id)).map(({ urn }) => urn)).toEqual([]);
  }

  async #previewed(): Promise<void> {
    const { project } = this.#faulty;
    const before = { held: this.#faulty.held(), found: await this.#everything() };
    const preview = await project.pulumi(["preview", "--stack", "dev"]);
    const isMistake = this.#phases.includes("checking") && this.#subjects.some((subject) => this.#isMistake(subject));
    expect(preview.code !== 0, preview.text).toBe(isMistake);
    if (isMistake) expect(preview.text).toContain("configuration.port: expected integer");
    expect({ held: this.#faulty.held(), found: await this.#everything() }).toEqual(before);
  }

  /**
   * Of the entries in which a step failed nothing is left, but for what nobody was told of: the journal knows it. What nobody was told of
   * goes with its ends, too.
   */
  async #nothingButUntold(withEnds = false): Promise<void> {
    const names = this.#subjects.map(({ name }) => name);
    const left = (await this.#everything()).filter(({ name }) => names.includes(name));
    const untold = this.#untold().filter((name) => !withEnds || !name.endsWith("-connection"));
    expect(left.map(({ name }) => name).sort()).toEqual(untold);
    const held = this.#faulty.held().filter(({ urn }) => names.includes(urn.split("::").at(-1) ?? ""));
    expect(held).toEqual([]);
  }

  #untold(): string[] {
    const untold = this.#subjects.filter((subject) => isUntold(subject, this.#way(subject)));
    return untold.map(({ name }) => name).sort();
  }

  async #settled(): Promise<void> {
    const { project } = this.#faulty;
    await project.up("--refresh", "--expect-no-changes");
    await this.#faulty.intact();
    const declared = Object.values(this.#faulty.declared as Declared & Entries).flatMap((kind) => Object.keys(kind));
    const found = (await this.#everything()).map(({ name }) => name);
    expect(found.sort()).toEqual(declared.sort());
  }

  async #everything(): Promise<{ kind: string; id: string; name: string; whole: unknown }[]> {
    const lists = ALL_KINDS.map(async (kind) => {
      const path = `${API}/${kind}${kind === "tags" ? "" : "?limit=100"}`;
      const { data } = await this.#faulty.byHand<{ data: Record<string, string>[] }>("GET", path);
      return data.map((whole) => ({ kind, id: whole[`${kind.slice(0, -1)}Id`]!, name: whole.name!, whole }));
    });
    return (await Promise.all(lists)).flat();
  }

  #declare(which: Variant | ((subject: Subject) => Variant)): void {
    const entries: Entries = { ...structuredClone(stable), connections: {}, tags: {} };
    for (const subject of this.#subjects) {
      const variant = typeof which === "string" ? which : which(subject);
      const entry = variant === "removed" ? undefined : subject[variant];
      if (entry) entries[subject.kind][subject.name] = entry;
    }
    this.#faulty.declared = entries;
  }

  #up(...args: string[]): Promise<Run> {
    this.#faulty.write();
    return this.#faulty.project.up(...args);
  }
}

/** Without the engine's own notes, and without secrets, which it encrypts anew each time. */
function essence(resources: ResourceState[]): unknown {
  const parts = resources.map(({ urn, id, inputs, outputs, pendingReplacement }) => {
    return { urn, id, inputs, outputs, pendingReplacement };
  });
  parts.sort((one, other) => (`${one.urn} ${one.id}` < `${other.urn} ${other.id}` ? -1 : 1));
  return JSON.parse(JSON.stringify(parts, (key, value: unknown) => (key === "ciphertext" ? undefined : value)));
}
