import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EmbeddedServer } from "../../embedded/server.ts";
import { airbyteWith } from "../doubles/running-airbyte.ts";
import { Shell } from "../docs/shell.ts";
import { byHandAt } from "./by-hand.ts";
import type { ResourceState } from "./project.ts";
import { layDown, readRecording, record, type Gaps } from "./recording.ts";
import { API, FAKER } from "./sample.ts";
import { CREDENTIALS, someGaps } from "./target-stacks.ts";

/** The file of the state in the folder of the program. */
export const STATE = "state/.pulumi/stacks/our-pipelines/dev.json";

const PROJECT = "name: our-pipelines\nruntime: nodejs\nbackend: { url: 'file://./state' }\n";

const PROGRAM = `import * as pulumi from "@pulumi/pulumi";
import {
  Application, Connection, DeclarativeSourceDefinition, Destination, DestinationDefinition, Permission, Source, SourceDefinition,
  Tag, Workspace, every,
} from "airbyte-on-pulumi";
import { inStackWorkspace } from "airbyte-on-pulumi/pipelines";

const config = new pulumi.Config();
const airbyte = inStackWorkspace({ url: config.require("airbyteUrl") });
const second = { ...airbyte, profile: "second" };

const workspaceId = new Workspace("marketing", { airbyte, name: "Marketing" });
const tag = new Tag("nightly", { airbyte, workspaceId, color: "1F77B4" });
const erp = new SourceDefinition("erp", { airbyte, workspaceId, dockerRepository: "me/source-erp", dockerImageTag: "1" });
const lake = new DestinationDefinition("lake", {
  airbyte, workspaceId, dockerRepository: "me/destination-lake", dockerImageTag: "1",
});
const manifest = { spec: { type: "Spec" }, streams: [{ name: "orders" }] };
const shop = new DeclarativeSourceDefinition("shop", { airbyte, workspaceId, manifest });
const orders = new Source("orders", { airbyte, workspaceId, definitionId: shop, configuration: {} });
new Source("invoices", { airbyte, workspaceId, definitionId: erp.definitionId, configuration: {} });
const archive = new Destination("archive", { airbyte, workspaceId, definitionId: lake, configuration: {} });
new Connection("orders-to-archive", { airbyte, workspaceId, source: orders, destination: archive, tags: [tag] });
new Permission("user-edits", { airbyte, workspaceId, userEmail: "admin@example.com", permissionType: "workspace_editor" });
export const secret = new Application("scheduler", { airbyte }).clientSecret;

const users = new Source("users", { airbyte: second, connector: "faker", configuration: { count: 100 } });
const warehouse = new Destination("warehouse", {
  airbyte,
  connector: "postgres",
  configuration: {
    ...{ host: "db.example.com", port: 5432, database: "d", schema: "public", username: "airbyte" },
    password: config.requireSecret("warehousePassword"),
  },
});
new Connection("users-to-warehouse", {
  airbyte, source: users, destination: warehouse, status: "inactive", schedule: every("6 hours"), prefix: "raw_",
  streams: [{ name: "users", syncMode: "incremental_deduped_history" }],
});
Source.get("of-others", config.require("ofOthers"), { airbyte });
`;

/** Text, and what comes in its place: one change of each kind that can be changed in place. */
const EDITS: [from: string, to: string][] = [
  ['name: "Marketing"', 'name: "Sales"'],
  ["1F77B4", "FF0000"],
  ['"me/source-erp", dockerImageTag: "1"', '"me/source-erp", dockerImageTag: "2"'],
  ['"me/destination-lake", dockerImageTag: "1"', '"me/destination-lake", dockerImageTag: "2"'],
  ['[{ name: "orders" }]', '[{ name: "sales" }]'],
  ["workspace_editor", "workspace_reader"],
  ["count: 100", "count: 250"],
  ["db.example.com", "db2.example.com"],
  ["raw_", "new_"],
];

/** A program of one's own with the npm package, and the Airbyte that it works with; made anew, or as a version left it. */
export class PackageProgram {
  readonly folder: string;
  readonly shell: Shell;
  readonly gaps: Gaps;
  readonly dataDir: string;
  #server!: EmbeddedServer;

  private constructor(folder: string, gaps: Gaps) {
    this.folder = folder;
    this.gaps = gaps;
    this.dataDir = join(folder, "airbyte");
    this.shell = new Shell(folder, { PULUMI_CONFIG_PASSPHRASE: "engine-test", PULUMI_STACK: "dev" });
  }

  /**
   * @param folder below one in which the package is installed
   * @param version whose recording is laid down; without it, the program is new
   */
  static async open(folder: string, version?: string): Promise<PackageProgram> {
    const program = new PackageProgram(folder, await someGaps());
    mkdirSync(join(folder, "state"), { recursive: true });
    program.#write("Pulumi.yaml", PROJECT);
    program.#write("package.json", '{ "type": "module", "main": "index.js" }');
    if (version === undefined) program.#write("index.js", PROGRAM);
    else layDown(readRecording(version, "package"), folder, program.gaps);
    program.#server = await airbyteWith(program.dataDir, CREDENTIALS, { port: Number(program.gaps.port) });
    return program;
  }

  #write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  edit(): void {
    const file = join(this.folder, "index.js");
    const edited = EDITS.reduce((text, [from, to]) => text.replace(from, to), readFileSync(file, "utf8"));
    writeFileSync(file, edited);
  }

  /** Ids by URN. */
  ids(): Record<string, string> {
    const { checkpoint } = JSON.parse(readFileSync(join(this.folder, STATE), "utf8")) as {
      checkpoint: { latest: { resources?: ResourceState[] } };
    };
    // Pulumi's own providers are added as a program calls them.
    const made = (checkpoint.latest.resources ?? []).filter(({ type }) => !type.startsWith("pulumi:providers:"));
    return Object.fromEntries(made.map(({ urn, id }) => [urn, id]));
  }

  /** Ends the Airbyte, so that its data are all on disk. */
  stop(): Promise<void> {
    return this.#server.close();
  }

  /** Brings it up, and keeps what is there then as what a version left. */
  async record(version: string): Promise<void> {
    const { shell, gaps, folder } = this;
    const { clientId, clientSecret } = CREDENTIALS;
    const { url, workspaceId } = this.#server;
    const ofOthers = { name: "Of others", workspaceId, definitionId: FAKER, configuration: { count: 1 } };
    const { sourceId } = await byHandAt(this.#server)<{ sourceId: string }>("POST", `${API}/sources`, ofOthers);
    await shell.must("pulumi stack init dev");
    await shell.must(`pulumi config set ofOthers ${sourceId}`);
    await shell.must(`pulumi config set airbyteUrl ${url}`);
    await shell.must(`pulumi config set airbyte:clientId ${clientId}`);
    await shell.must("pulumi config set --secret airbyte:clientSecret", { input: clientSecret });
    await shell.must(`pulumi config set --path airbyte:profiles.second.clientId ${clientId}`);
    await shell.must("pulumi config set --path --secret airbyte:profiles.second.clientSecret", { input: clientSecret });
    await shell.must("pulumi config set --secret warehousePassword", { input: "pa55-Word-of-the-warehouse" });
    await shell.must("pulumi up");
    await this.stop();
    const { stdout } = await shell.must("pulumi stack export --show-secrets");
    const { deployment } = JSON.parse(stdout) as { deployment: object };
    record(version, "package", { folder, gaps, shown: deployment, state: STATE, program: ["Pulumi.yaml", "index.js"] });
  }
}
