import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { hasData, reserveAddress, stop } from "../../embedded/index.ts";
import type { EmbeddedServer } from "../../embedded/server.ts";
import { apiCredentials } from "../../credentials/credentials.ts";
import { paperCloud } from "../doubles/cloud/paper-cloud.ts";
import { freePort } from "../doubles/free-port.ts";
import { airbyteWith, leftIn, ownAirbyte } from "../doubles/running-airbyte.ts";
import { pulumiCommand } from "../scripts/modules.ts";
import { Project } from "./project.ts";
import { layDown, record, type Gaps, type Recording } from "./recording.ts";
import { FAKER, POSTGRES } from "./sample.ts";

const ROOT = "q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRsTuVwXyZ";
export const CREDENTIALS = { clientId: "client-of-the-recording", clientSecret: "s3cret-of-the-recording" };

/** Always the same: of the chart's values, the address among them, the state has a digest. */
const CLUSTER_PORT = 28_765;

/** Every kind that `pipelines.yaml` knows. The schedule is due once a year, so that no test meets a job. */
const EVERY_KIND = `
workspaces:
  marketing:
    name: Marketing
    notifications: { failure: { webhook: { enabled: true, url: "\${secret:webhook}" } } }
tags:
  nightly: { color: 1F77B4, workspace: marketing }
sourceDefinitions:
  erp: { dockerRepository: me/source-erp, dockerImageTag: 1.0.0, workspace: marketing }
destinationDefinitions:
  lake: { dockerRepository: me/destination-lake, dockerImageTag: 1.0.0, workspace: marketing }
declarativeSourceDefinitions:
  shop: { manifestFile: shop.yaml, workspace: marketing }
sources:
  users: { connector: faker, configuration: { count: 100 } }
  orders: { definition: shop, workspace: marketing, configuration: { key: "\${secret:shopKey}" } }
  invoices: { definition: erp, workspace: marketing }
destinations:
  warehouse:
    definitionId: ${POSTGRES}
    configuration:
      { host: db.example.com, port: 5432, database: d, schema: public, username: airbyte, password: "\${secret:warehousePassword}" }
  archive: { definition: lake, workspace: marketing }
connections:
  users-to-warehouse:
    source: users
    destination: warehouse
    prefix: raw_
    sync: { onCreate: true }
    schedule: { cron: "0 0 6 1 1 ?" }
    namespaceDefinition: custom_format
    namespaceFormat: x_\${SOURCE_NAMESPACE}
    nonBreakingSchemaUpdatesBehavior: propagate_columns
    streams:
      - { name: users, syncMode: incremental_deduped_history, selectedFields: [id, name, updated_at] }
      - { name: products, syncMode: full_refresh_overwrite }
  orders-to-archive: { source: orders, destination: archive, tags: [nightly] }
permissions:
  user-reads: { permissionType: workspace_reader, userEmail: admin@example.com, workspace: marketing }
applications:
  scheduler: {}
`;

export const MANIFEST = `
version: 6.5.2
type: DeclarativeSource
spec:
  type: Spec
  connection_specification:
    type: object
    required: [key]
    properties: { key: { type: string, airbyte_secret: true } }
streams: [{ name: orders }]
`;

const EVERY_SECRET = {
  webhook: "https://hooks.example.com/services/s3cret-of-the-webhook",
  shopKey: "s3cret-key-of-the-shop",
  warehousePassword: "pa55-Word-of-the-warehouse",
};

/** Changes each kind that can be changed in place. */
const EVERY_EDIT: Edit[] = [
  ["pipelines.yaml", "name: Marketing", "name: Sales"],
  ["pipelines.yaml", "1F77B4", "FF0000"],
  ["pipelines.yaml", "source-erp, dockerImageTag: 1.0.0", "source-erp, dockerImageTag: 2.0.0"],
  ["pipelines.yaml", "destination-lake, dockerImageTag: 1.0.0", "destination-lake, dockerImageTag: 2.0.0"],
  ["shop.yaml", "name: orders", "name: sales"],
  ["pipelines.yaml", "count: 100", "count: 250"],
  ["pipelines.yaml", "host: db.example.com", "host: db2.example.com"],
  ["pipelines.yaml", "prefix: raw_", "prefix: new_"],
  ["pipelines.yaml", "workspace_reader", "workspace_editor"],
];

/** What these edits change. */
const EDITED = [
  ...["Workspace/marketing", "Tag/nightly", "SourceDefinition/erp", "DestinationDefinition/lake"],
  ...["DeclarativeSourceDefinition/shop", "Source/users", "Destination/warehouse", "Connection/users-to-warehouse"],
  "Permission/user-reads",
];

const ONE_SOURCE = `sources:\n  users:\n    definitionId: ${FAKER}\n    configuration: { count: 100 }\n`;
const ONE_EDIT: Edit = ["pipelines.yaml", "count: 100", "count: 250"];

/** File, text, and what comes in its place. */
type Edit = [file: string, from: string, to: string];

interface Declared {
  /** Lines of `Pulumi.dev.yaml`. */
  settings: string[];
  secrets: Record<string, string>;
  pipelines: string;
  /** An edit of each kind that can be changed in place. */
  edits: Edit[];
  /** What the `up` after the edits changes, by type and name; all in place, but for a container. */
  changed: string[];
  /** Starts what the stack itself doesn't start. */
  open?: (dataDir: string, gaps: Gaps) => Promise<EmbeddedServer>;
}

/** A stack of each target; in gaps (`@port@`) what differs from one run to the next. */
const STACKS: Record<string, Declared> = {
  embedded: {
    settings: ["target: embedded", "embedded: { connectors: simulated, tokenTtlSeconds: 600 }"],
    secrets: EVERY_SECRET,
    pipelines: EVERY_KIND,
    // At another address everything of the Airbyte is looked up there.
    edits: [...EVERY_EDIT, ["Pulumi.dev.yaml", "simulated", "simulated, port: @otherPort@"]],
    changed: [
      ...["EmbeddedServer/airbyte", "DefaultWorkspace/workspace", "Application/scheduler", ...EDITED],
      ...["Source/orders", "Source/invoices", "Destination/archive", "Connection/orders-to-archive"],
    ],
  },
  existing: {
    settings: [
      ...["target: existing", "api: config", `clientId: ${CREDENTIALS.clientId}`],
      ...["url: http://127.0.0.1:@port@", "tokenUrl: http://127.0.0.1:@port@/api/v1/applications/token"],
    ],
    secrets: { ...EVERY_SECRET, clientSecret: CREDENTIALS.clientSecret },
    pipelines: EVERY_KIND,
    edits: EVERY_EDIT,
    changed: EDITED,
    open: (dataDir, { port }) => airbyteWith(dataDir, CREDENTIALS, { port: Number(port), publicApi: false }),
  },
  docker: {
    settings: ["target: docker", "docker: { port: @port@ }", "credentials: { tls: 1 }"],
    secrets: { rootSecret: ROOT },
    pipelines: ONE_SOURCE,
    edits: [ONE_EDIT, ["Pulumi.dev.yaml", "tls: 1", "tls: 2"]],
    changed: [
      "ServerCertificate/airbyte",
      "Container/airbyte-gateway",
      "Readiness/airbyte",
      "Installation/airbyte",
      "Source/users",
    ],
    open: (dataDir, { port }) => ownAirbyte(dataDir, ROOT, { host: "127.0.0.1", port: Number(port) }),
  },
  aws: {
    settings: [
      "target: aws",
      "aws: { region: eu-central-1, allowedCidrs: [203.0.113.7/32], connect: ssh, readyMinutes: 1 }",
    ],
    secrets: { rootSecret: ROOT },
    pipelines: ONE_SOURCE,
    edits: [ONE_EDIT, ["Pulumi.dev.yaml", "connect: ssh", "connect: ssm"]],
    changed: ["SecurityGroup/airbyte", "DockerHost/airbyte", "Source/users"],
    open: (dataDir, { address }) => ownAirbyte(dataDir, ROOT, { host: String(address), port: 443 }),
  },
  kubernetes: {
    settings: [
      ...["target: kubernetes", `url: http://127.0.0.1:${CLUSTER_PORT}`, "releases: { chart: 2.2.0 }"],
      "kubernetes: { ingress: { className: nginx }, readyMinutes: 1 }",
    ],
    secrets: { rootSecret: ROOT },
    pipelines: ONE_SOURCE,
    edits: [ONE_EDIT, ["Pulumi.dev.yaml", "chart: 2.2.0", "chart: 2.9.0"]],
    changed: ["Release/airbyte", "Readiness/airbyte", "Installation/airbyte", "Source/users"],
    open: (dataDir) => airbyteWith(dataDir, apiCredentials(ROOT, 1), { port: CLUSTER_PORT }),
  },
};

export const TARGETS = Object.keys(STACKS);

/** A project of a target, with all around it that it needs; made anew, or as a version left it. */
export class TargetStack {
  readonly project: Project;
  readonly declared: Declared;
  readonly gaps: Gaps;
  /** What its Airbyte keeps, where the stack doesn't. */
  readonly dataDir: string;
  server: EmbeddedServer | undefined;

  readonly #name: string;

  private constructor(name: string, declared: Declared, gaps: Gaps) {
    this.#name = name;
    const bin = mkdtempSync(join(tmpdir(), "paper-"));
    onTestFinished(() => {
      rmSync(bin, { recursive: true, force: true });
    });
    this.declared = declared;
    this.gaps = gaps;
    this.project = new Project({ connectors: null, env: paperCloud(bin, String(gaps.address)) });
    this.dataDir = join(this.project.dir, "airbyte");
  }

  /** @param recording of a version, which is laid down; without it, the project is new */
  static async open(name: string, recording?: Recording): Promise<TargetStack> {
    const declared = STACKS[name];
    if (!declared) throw new Error(`there is no target ${name}`);
    const stack = new TargetStack(name, declared, await someGaps());
    const { project, gaps } = stack;
    if (name === "embedded") reserveAddress(project.dataDir, Number(gaps.port));
    if (recording === undefined) stack.#write();
    else layDown(recording, project.dir, gaps);
    stack.server = await declared.open?.(stack.dataDir, gaps);
    return stack;
  }

  #write(): void {
    const { settings, pipelines } = this.declared;
    const lines = settings.map((line) => `  airbyte-on-pulumi:${line}\n`);
    this.project.write("Pulumi.dev.yaml", this.#filled(`config:\n${lines.join("")}`));
    this.project.write("pipelines.yaml", pipelines);
    if (pipelines.includes("shop.yaml")) this.project.write("shop.yaml", MANIFEST);
    mkdirSync(join(this.project.dir, ".airbyte"), { recursive: true });
    // Plain Pulumi gets the same from the environment.
    writeFileSync(join(this.project.dir, ".airbyte/passphrase"), "engine-test\n", { mode: 0o600 });
  }

  edit(): void {
    for (const [file, from, to] of this.declared.edits) this.project.edit(file, from, this.#filled(to));
  }

  #filled(text: string): string {
    return Object.entries(this.gaps).reduce((rest, [name, value]) => rest.replaceAll(`@${name}@`, String(value)), text);
  }

  /** Brings it up, and keeps what is there then as what a version left. */
  async record(version: string): Promise<void> {
    const secrets = Object.entries(this.declared.secrets).map((pair) => ["config", "set", "--secret", ...pair]);
    for (const line of [...secrets, ["up", "--yes", "--skip-preview"]])
      if ((await this.own(...line)) !== 0) throw new Error(`pulumi ${line[0]} failed`);
    const { project, gaps } = this;
    await this.server?.close();
    if (hasData(project.dataDir)) await stop(project.dataDir);
    const { stdout } = await project.must("stack", "export", "--show-secrets", "--stack", "dev");
    const { deployment } = JSON.parse(stdout) as { deployment: object };
    record(version, this.#name, { folder: project.dir, gaps, shown: deployment });
  }

  /** What a destroy has left: the data of its own, or what it made in an Airbyte that stays. */
  async left(): Promise<string[]> {
    if (this.#name === "embedded") return hasData(this.project.dataDir) ? [this.project.dataDir] : [];
    if (this.#name !== "existing") return [];
    await this.server?.close();
    return leftIn(this.dataDir);
  }

  /** One of the project's own commands, which finds passphrase and secrets in the folder. */
  own(...args: string[]): Promise<number> {
    return pulumiCommand.pulumi(this.project.dir, args, { ...this.project.env, PULUMI_CONFIG_PASSPHRASE: undefined });
  }
}

/** What differs from one run to the next: addresses, and when a certificate is due. */
export async function someGaps(): Promise<Gaps> {
  const [port, otherPort] = await Promise.all([freePort(), freePort()]);
  const [second, third, fourth] = randomBytes(3);
  return {
    ...{ port, otherPort, address: `127.${second}.${third}.${Math.max(fourth ?? 0, 2)}` },
    // A certificate that was recorded is due one day.
    renewAfter: new Date(Date.now() + 400 * 24 * 60 * 60 * 1000).toISOString(),
  };
}
