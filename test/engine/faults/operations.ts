import { expect } from "vitest";
import type { Run } from "../project.ts";
import { faker, KINDS, postgres, sheet, type Declared, type Faulty, type Rule } from "./faults.ts";

/** What goes wrong with calls of each sort, and which of them the provider brings to a good end by itself. */
export interface Case {
  name: string;
  /** Creations meet one each; reads, changes and deletions meet them all, one after the other. */
  faults: Rule[];
  /** Reads, changes and deletions are overcome. */
  overcome: boolean;
  /** Creations are. */
  createOvercome: boolean;
}

/** Ends that nothing happens to: a connection between them is met by its own fault, not by that of an end. */
const stable = { source: "users", destination: "warehouse" };

function before(): Declared {
  return {
    sources: { users: faker(), orders: sheet("before"), old: sheet("old") },
    destinations: { warehouse: postgres(), lake: postgres("before.example.com"), attic: postgres() },
    connections: { kept: { ...stable, prefix: "before_" }, dropped: stable },
  };
}

/** In each kind, so many are new, one is changed, and one is gone. */
function after(fresh: number): Declared {
  const each = <T>(make: (i: number) => T) =>
    Object.fromEntries(Array.from({ length: fresh }, (_, i) => [`fresh-${i}`, make(i)]));
  return {
    sources: { users: faker(), orders: sheet("after"), ...each((i) => sheet(`fresh-${i}`)) },
    destinations: { warehouse: postgres(), lake: postgres("after.example.com"), ...each((i) => postgres(`h${i}`)) },
    connections: { kept: { ...stable, prefix: "after_" }, ...each((i) => ({ ...stable, prefix: `p${i}_` })) },
  };
}

const rules = (faults: Rule[], calls: [method: string, path: string][]): Rule[] =>
  calls.flatMap(([method, path]) => faults.map((fault) => ({ ...fault, method, path })));

const one = (method: string): [string, string][] => KINDS.map((kind) => [method, `/public/v1/${kind}/`]);
const creations = KINDS.map((kind): [string, string] => ["POST", `/public/v1/${kind}$`]);
const changes: [string, string][] = [
  ["PUT", "/public/v1/sources/"],
  ["PUT", "/public/v1/destinations/"],
  ["PATCH", "/public/v1/connections/"],
];

/** An up that creates, changes and deletes, a refresh and a destroy; in each, calls of every sort meet the faults. */
export async function meetEverywhere(faulty: Faulty, row: Case): Promise<void> {
  const { faults } = row;
  await faulty.calm(); // Nothing of a case that failed.
  faulty.declared = before();
  const first = await faulty.up();
  expect(first.code, first.text).toBe(0);

  faulty.declared = after(faults.length);
  await untilMet(faulty, row, rules(faults, [...creations, ...changes, ...one("DELETE")]), () => faulty.up());
  await faulty.mended();

  const ids = faulty.ids();
  await untilMet(faulty, row, rules(faults, one("GET")), () => run(faulty, "refresh"));
  expect(faulty.ids()).toEqual(ids);

  await untilMet(faulty, row, rules(faults, one("DELETE")), () => run(faulty, "destroy"));
  // What the state no longer holds must be gone from the server too.
  const held = Object.keys(faulty.ids());
  for (const kind of KINDS) {
    const type = `${kind.charAt(0).toUpperCase()}${kind.slice(1, -1)}`;
    const left = (await faulty.onServer(kind)).map(({ name }) => `${type}/${name as string}`);
    expect(left.filter((name) => !held.includes(name))).toEqual([]);
  }
  await faulty.mended();
}

function run({ project }: Faulty, command: string): Promise<Run> {
  return project.pulumi([command, "--yes", "--skip-preview", "--stack", "dev"]);
}

/**
 * Runs a command until every fault has been met: a call that fails keeps those after it from being made. A run fails
 * exactly when it met something that can't be overcome.
 */
async function untilMet(faulty: Faulty, row: Case, next: Rule[], command: () => Promise<Run>): Promise<void> {
  const isOvercome = ({ method }: Rule) => (method === "POST" ? row.createOvercome : row.overcome);
  await faulty.inject({ next });
  for (let left = next; left.length > 0;) {
    const { code, text } = await command();
    const unmet = await faulty.unmet();
    expect(unmet.length, `a run met no fault:\n${text}`).toBeLessThan(left.length);
    const lasting = (list: Rule[]) => list.filter((rule) => !isOvercome(rule)).length;
    const fails = lasting(unmet) < lasting(left);
    expect(code !== 0, text).toBe(fails);
    // A failure says what to do next, and shows no stack of the program.
    if (fails) expect(text).toContain("Next step:");
    expect(text).not.toMatch(/^\s+at /m);
    left = unmet;
  }
  await faulty.calm();
}
