// The program that Pulumi runs: where Airbyte runs, which workspace, which pipelines.
import { readConfig } from "./settings/config.ts";
import { demandAirbyteAlone, untraced } from "./infra/engine.ts";
import { declarePipelines, inStackWorkspace, paused, pipelineTable } from "./declaration/declare.ts";
import { examinePipelines } from "./declaration/examine.ts";
import { stackValues } from "./settings/stack-config.ts";
import { openTarget, whereabouts } from "./infra/targets/index.ts";

const settings = readConfig();
if ("fast" in settings && settings.fast) demandAirbyteAlone();
const where = await whereabouts(settings);
const written = await examinePipelines(process.cwd(), settings.pipelines, stackValues(), where);
const declared = settings.paused ? paused(written) : written;

const target = await openTarget(settings);
const airbyte = inStackWorkspace(target.airbyte, settings.workspaceId);
export const airbyteUrl = airbyte.url;
export const airbyteAccess = target.outputs;
export const workspaceId = airbyte.workspaceId;
// While a stack is destroyed, what was named to go (`npm run destroy -- --allow-unprotect NAME`) must not be protected anew.
const unprotected = process.env.AIRBYTE_ALLOW_UNPROTECT?.split("\n") ?? [];
const declare = () => declarePipelines(declared, airbyte, settings.production, unprotected);
export const pipelines = pipelineTable(untraced(declare));
