// The public door of pipelines.yaml: what a Pulumi program of one's own needs to declare what such files say.
export { ConfigurationError } from "../errors/user-error.ts";
export { pipelineTable, type PipelineRow } from "./declare.ts";
export { declarePipelines, loadPipelines, type DeclaredPipelines, type Pipelines, type Values } from "./declare.ts";
export { examinePipelines, type ExaminedAirbyte } from "./examine.ts";
export { stackValues } from "../settings/stack-config.ts";
export { inStackWorkspace } from "./declare.ts";
