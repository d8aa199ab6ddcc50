import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pulumiCommand } from "../../scripts/modules.ts";
import { command, type Project, type ResourceState } from "../project.ts";
import { GOOGLE_SHEETS } from "../sample.ts";
import { faker, Faulty } from "./faults.ts";

const sheet = {
  spreadsheet_id: "x",
  credentials: { auth_type: "Service", service_account_info: "${secret:sheetKey}" },
};
const SOURCE = { ...faker(), check: true };

/** A project with one source, whose connection test fails. */
async function failing() {
  const faulty = await Faulty.embedded({ sources: { users: SOURCE }, destinations: {}, connections: {} });
  await faulty.inject({ checkError: "no route to host" });
  const { project } = faulty;
  const own = (...args: string[]) => pulumiCommand.pulumi(project.dir, args, project.env);
  return { faulty, project, own };
}

/** The state as earlier versions left it. */
async function forgetCode(project: Project, which: (resource: ResourceState) => boolean): Promise<number> {
  const { stdout } = await project.must("stack", "export", "--stack", "dev");
  const state = JSON.parse(stdout) as { deployment: { resources: ResourceState[] } };
  const forgotten = state.deployment.resources.filter((resource) => resource.outputs?.__provider && which(resource));
  for (const { outputs } of forgotten) delete outputs?.__provider;
  const file = join(project.dir, "without-code.json");
  writeFileSync(file, JSON.stringify(state));
  await project.must("stack", "import", "--stack", "dev", "--file", file);
  return forgotten.length;
}

const isSource = ({ type }: ResourceState) => type.endsWith(":Source");

/** What `npm run doctor` prints. */
async function doctorSays(project: Project): Promise<string> {
  return (await command(project, "doctor", [])).text;
}

test("a source whose connection test failed can be refreshed, tried again, replaced, removed and destroyed", async () => {
  const { faulty, project } = await failing();
  const failed = await faulty.up();
  expect(failed.code).not.toBe(0);
  expect(failed.text).toContain("no route to host");
  expect((await project.refresh()).text).toMatch(/unchanged/);

  // An update that fails so, and a replacement.
  faulty.declared.sources.users = { ...faker(2), check: true };
  expect((await faulty.up()).code).not.toBe(0);
  await project.refresh();
  faulty.declared.sources.users = { definitionId: GOOGLE_SHEETS, configuration: sheet, check: true };
  expect((await faulty.up()).code).not.toBe(0);
  await project.refresh();
  expect(await project.onServer("sources")).toHaveLength(2);
  await faulty.calm();
  await faulty.mended();

  // Removal and destroy of one that failed.
  await faulty.inject({ checkError: "no route to host" });
  faulty.declared.sources.orders = SOURCE;
  expect((await faulty.up()).code).not.toBe(0);
  delete faulty.declared.sources.orders;
  expect((await faulty.up()).code).toBe(0);
  faulty.declared.sources.orders = SOURCE;
  expect((await faulty.up()).code).not.toBe(0);
  await project.destroy();
  expect(await project.resources()).toEqual([]);
  faulty.nothingSecretShown();
});

test("a state in which resources don't name their code, as earlier versions left it, is mended by each command, and told by doctor", async () => {
  const { faulty, project, own } = await failing();
  await faulty.up();
  const provider = async () => (await project.resources()).filter(isSource).map(({ outputs }) => outputs?.__provider);
  const good = await provider();

  expect(await forgetCode(project, isSource)).toBe(1);
  const stuck = await project.pulumi(["refresh", "--yes", "--stack", "dev"]);
  expect(stuck.text).toContain("code must be a string, not undefined");
  expect(await doctorSays(project)).toMatch(/^FAIL {2}state .*an earlier version left half made: \S+:Source users$/m);
  expect(await own("refresh", "--yes")).toBe(0);
  expect(await provider()).toEqual(good);

  await forgetCode(project, isSource);
  expect(await own("preview")).toBe(0);
  expect(await provider()).toEqual(good);

  // A replacement whose old source can't be deleted: two with one URN, neither of which names its code.
  await faulty.calm();
  faulty.declared.sources.users = { definitionId: GOOGLE_SHEETS, configuration: sheet };
  await faulty.inject({ next: [{ count: 20, method: "DELETE", path: "/sources/", status: 409 }] });
  expect((await faulty.up()).code).not.toBe(0);
  await faulty.calm();
  expect(await forgetCode(project, isSource)).toBe(2);
  expect(await own("up", "--yes")).toBe(0);
  expect(await project.onServer("sources")).toHaveLength(1);
  await faulty.settled();

  // Plain Pulumi mends what is still declared.
  await forgetCode(project, isSource);
  expect((await project.up()).text).toMatch(/1 updated/);
  await project.refresh();

  await forgetCode(project, () => true);
  expect(await own("destroy", "--yes")).toBe(0);
  expect(await project.resources()).toEqual([]);
  faulty.nothingSecretShown();
});
