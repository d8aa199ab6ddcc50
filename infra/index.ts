// The public door of pipelines.yaml: what a Pulumi program of one's own needs to declare what such files say.
export { ConfigurationError } from "./configuration-error.ts";
export { pipelineTable, type PipelineRow } from "./outputs.ts";
export { declarePipelines, loadPipelines, type DeclaredPipelines, type Pipelines, type Values } from "./pipelines.ts";
export { stackValues } from "./stack-config.ts";
export { inStackWorkspace } from "./workspace.ts";
