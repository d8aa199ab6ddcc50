import { expect, test } from "vitest";
import {
  notAskedFor,
  takeInventory,
  tellOtherStacks,
  withoutOthers,
} from "../../../../scripts/commands/adopt/inventory.ts";
import type { Found } from "../../../../scripts/commands/adopt/model.ts";
import { startAirbyte } from "../../../providers/lifecycle/airbyte.ts";

const API = "/api/public/v1";
const kindsOf = (found: readonly Found[]) => found.map(({ kind, display }) => `${kind} ${display}`).sort();

/** Two workspaces, each with a source of a low-code connector of its own, and a third connector that none uses. */
async function twoWorkspaces() {
  const airbyte = await startAirbyte();
  const { api, byHand, workspaceId } = airbyte;
  const marketing = (await byHand("POST", `${API}/workspaces`, { name: "Marketing" })).workspaceId as string;
  const ids: Record<string, string> = {};
  for (const name of ["Shop", "Ads", "Idle"]) {
    const manifest = { spec: { connection_specification: { type: "object", properties: {} } }, streams: [] };
    const path = `${API}/workspaces/${workspaceId}/definitions/declarative_sources`;
    ids[name] = (await byHand("POST", path, { name, manifest })).id as string;
  }
  const source = (place: string, name: string, definition: string) =>
    byHand("POST", `${API}/sources`, { workspaceId: place, name, definitionId: ids[definition]!, configuration: {} });
  await source(workspaceId, "Orders", "Shop");
  await source(marketing, "Campaigns", "Ads");
  await source(marketing, "Orders too", "Shop");
  const read = (...workspaceIds: string[]) =>
    takeInventory({ api }, { workspaceIds, also: [], ownClientId: undefined }, () => undefined);
  return { read, workspaceId, marketing };
}

test("what every workspace of the organization shows is found once", async () => {
  const { read, workspaceId, marketing } = await twoWorkspaces();
  const all = await read(workspaceId, marketing);
  const ids = all.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(all.filter(({ kind }) => kind === "declarativeSourceDefinitions")).toHaveLength(3);
  expect(all.find(({ display }) => display === "Shop")?.workspaceId).toBe(workspaceId);
});

test("of one workspace only the low-code connectors that its sources use are taken, and the rest is named", async () => {
  const { read, workspaceId, marketing } = await twoWorkspaces();
  const lines: string[] = [];
  const take = async (hasOthers: boolean, isOurs: (found: Found) => boolean, ...places: string[]) => {
    lines.length = 0;
    return kindsOf(withoutOthers(await read(...places), { isOurs, hasOthers }, (line) => lines.push(line)));
  };
  const nothing = () => false;
  expect(await take(true, nothing, workspaceId)).toEqual(["declarativeSourceDefinitions Shop", "sources Orders"]);
  expect(lines).toEqual([
    'Left alone, since they belong to the whole organization and no source here uses them: low-code connectors "Ads", "Idle".',
    'Low-code connectors belong to the whole organization: a destroy of this stack takes "Shop" away from the other workspaces too.',
  ]);
  expect(await take(false, nothing, workspaceId, marketing)).toContain("declarativeSourceDefinitions Ads");
  expect(lines).toEqual([expect.stringMatching(/^Left alone.* "Idle"\.$/)]);
  // What the stack has already is its own, used or not.
  expect(await take(true, ({ kind }) => kind === "declarativeSourceDefinitions", workspaceId)).toHaveLength(4);
  expect(lines).toEqual([]);
});

test("what is taken over only where it is asked for is named, with the option", () => {
  expect(notAskedFor([])).toBe(
    "Not looked for: permissions, applications, regions. To take them over too: --also permissions,applications,regions.",
  );
  expect(notAskedFor(["permissions", "applications"])).toBe(
    "Not looked for: regions. To take them over too: --also regions.",
  );
  expect(notAskedFor(["permissions", "applications", "regions"])).toBeUndefined();
});

test("what other stacks of this machine have too is told once for each of them", async () => {
  const { read, workspaceId } = await twoWorkspaces();
  const taken = (await read(workspaceId)).filter(({ kind }) => kind === "declarativeSourceDefinitions");
  const lines: string[] = [];
  const holderOf = (id: string) => (id === taken[0]!.id ? undefined : 'the stack "prod" of this project');
  tellOtherStacks(taken, holderOf, (line) => lines.push(line));
  const names = taken.slice(1).map(({ display }) => `"${display}"`);
  expect(lines).toEqual([
    `warning: the stack "prod" of this project has ${names.join(", ")} too: each would undo what the other declares, ` +
      "and a destroy of one deletes it for both. Declare it in one of them alone.",
  ]);
});
