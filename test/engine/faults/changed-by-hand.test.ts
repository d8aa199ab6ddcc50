import { afterAll, beforeAll, expect, test } from "vitest";
import { API } from "../sample.ts";
import { ExistingAirbyte, onExisting } from "./existing.ts";
import { faker, sample, type Faulty } from "./faults.ts";

let airbyte: ExistingAirbyte;
let faulty: Faulty;

beforeAll(async () => {
  airbyte = await ExistingAirbyte.start({ afterwards: afterAll });
  faulty = await onExisting(airbyte.about, sample(), { afterwards: afterAll });
  await faulty.mended();
});

test("a connection, then a source with its connections is deleted in the UI: said, shown by refresh, made anew", async () => {
  const { project, declared } = faulty;
  let before = faulty.ids();

  await faulty.byHand("DELETE", `${API}/connections/${before["Connection/users-to-warehouse"]}`);
  // Without a refresh Pulumi knows nothing of it, and a change fails with the next step.
  declared.connections["users-to-warehouse"] = { source: "users", destination: "warehouse", prefix: "new_" };
  const change = await faulty.up();
  expect(change.code).not.toBe(0);
  expect(change.text).toContain('connection "users-to-warehouse"');
  expect(change.text).toContain("was deleted in Airbyte by hand");
  expect(change.text).toContain("`refresh` takes it out of the state, then `up` makes it anew");
  expect((await project.refresh()).text).toMatch(/1 deleted/);
  expect((await faulty.mended()).text).toMatch(/1 created/);
  expect(changed(before, faulty.ids())).toEqual(["Connection/users-to-warehouse"]);

  before = faulty.ids();
  await faulty.byHand("DELETE", `${API}/sources/${before["Source/users"]}`);
  expect((await project.refresh()).text).toMatch(/2 deleted/);
  expect((await faulty.mended()).text).toMatch(/2 created/);
  expect(changed(before, faulty.ids())).toEqual(["Connection/users-to-warehouse", "Source/users"]);
});

test("a connector is upgraded in Airbyte: refresh shows the new version, and no up writes anything because of it", async () => {
  const { project, declared } = faulty;
  const { workspaceId } = airbyte.about;
  const image = { name: "Shop", dockerRepository: "example/source-shop", dockerImageTag: "1.0.0" };
  const { sourceDefinitionId } = await faulty.byHand<{ sourceDefinitionId: string }>(
    "POST",
    "/api/v1/source_definitions/create_custom",
    { workspaceId, sourceDefinition: image },
  );
  declared.sources.shop = { ...faker(), definitionId: sourceDefinitionId };
  await faulty.mended();
  const version = async () =>
    (await project.resources()).find(({ urn }) => urn.endsWith("::shop"))?.outputs?.connectorVersion;
  expect(await version()).toBe("1.0.0");
  const upgrade = { sourceDefinitionId, dockerImageTag: "2.0.0" };
  await faulty.byHand("POST", "/api/v1/source_definitions/update", upgrade);
  await project.refresh();
  expect(await version()).toBe("2.0.0");
  const { calls } = await callsDuring(() => faulty.mended());
  expect(
    Object.keys(calls).filter((call) => /^(PUT|PATCH|DELETE) |^POST \/(sources|destinations|connections)$/.test(call)),
  ).toEqual([]);
});

test("the workspace is gone: refresh shows it, the next up says what is missing, and finishes once there is one", async () => {
  const { project } = faulty;
  faulty.declared = sample(); // Its successor has no connector of the old one's own.
  await faulty.byHand("DELETE", `${API}/workspaces/${airbyte.about.workspaceId}`);
  expect((await project.refresh()).text).toMatch(/7 deleted/);
  const up = await faulty.up();
  expect(up.code).not.toBe(0);
  expect(up.text).toContain("shows no workspace to this application");
  expect(up.text).toContain("Next step:");
  await faulty.byHand("POST", `${API}/workspaces`, { name: "Its successor" });
  await faulty.mended();
});

async function callsDuring(run: () => Promise<unknown>): Promise<{ calls: Record<string, number> }> {
  await faulty.calm();
  await run();
  return faulty.byHand("GET", "/faults");
}

function changed(before: Record<string, string>, after: Record<string, string>): string[] {
  return Object.keys(after)
    .filter((name) => before[name] !== after[name])
    .sort();
}
