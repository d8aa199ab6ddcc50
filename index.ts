// The program that Pulumi runs: where Airbyte runs, which workspace, which pipelines.
import { readConfig } from "./infra/config.ts";
import { pipelineTable } from "./infra/outputs.ts";
import { declarePipelines, loadPipelines } from "./infra/pipelines.ts";
import { stackValues } from "./infra/stack-config.ts";
import { openTarget } from "./infra/targets/index.ts";
import { DefaultWorkspace } from "./providers/airbyte/index.ts";

const settings = readConfig();
const declared = loadPipelines(process.cwd(), settings.pipelines, stackValues());

const { airbyte, outputs } = await openTarget(settings);
export const airbyteUrl = airbyte.url;
export const airbyteAccess = outputs;
export const workspaceId = settings.workspaceId ?? new DefaultWorkspace("workspace", airbyte).workspaceId;
export const pipelines = pipelineTable(declarePipelines(declared, { ...airbyte, workspaceId }, settings.production));
