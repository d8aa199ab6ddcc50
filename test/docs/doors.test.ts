import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { classNameOf, kindNames } from "../../providers/airbyte/kinds/names.ts";
import { projectDir } from "./pages.ts";

const { exports: doors, bin } = JSON.parse(readFileSync(join(projectDir, "package.json"), "utf8")) as {
  exports: Record<string, string>;
  bin: Record<string, string>;
};

const CLASSES = [
  ...["AirbyteHandle", "Application", "ApplicationArgs", "ConfigurationOf", "Connection", "ConnectionArgs"],
  ...["DeclarativeSourceDefinition", "DeclarativeSourceDefinitionArgs", "DefaultWorkspace", "DefinitionArgs"],
  ...["Destination", "DestinationArgs", "DestinationConfigurations", "DestinationDefinition", "FirstSyncArgs"],
  ...[
    "NotificationArgs",
    "NotificationsArgs",
    "Permission",
    "PermissionArgs",
    "Region",
    "RegionArgs",
    "Schedule",
    "Source",
    "SourceArgs",
  ],
  ...["SourceConfigurations", "SourceDefinition", "StreamArgs", "StreamSettings", "Tag", "TagArgs", "TagReference"],
  ...["Workspace", "WorkspaceArgs", "every", "first"],
];
const PIPELINES = [
  ...["ConfigurationError", "DeclaredPipelines", "PipelineRow", "Pipelines", "Values", "declarePipelines"],
  ...["inStackWorkspace", "loadPipelines", "pipelineTable", "stackValues"],
];

test.each([
  ["airbyte-on-pulumi", doors["."], CLASSES],
  ["airbyte-on-pulumi/pipelines", doors["./pipelines"], PIPELINES],
  ["the path that programs in a checkout import", "providers/airbyte/index.ts", CLASSES],
])("%s exports everything that it ever has", (_, file = "", promised) => {
  const path = join(projectDir, file);
  // The door alone: whether what it passes on is there, tsc says.
  const program = ts.createProgram([path], { noLib: true, types: [], noResolve: true, module: ts.ModuleKind.NodeNext });
  const door = program.getTypeChecker().getSymbolAtLocation(program.getSourceFile(path)!);
  const names = program
    .getTypeChecker()
    .getExportsOfModule(door!)
    .map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(promised));
});

test("every kind's class is behind the door", () => {
  expect(CLASSES).toEqual(expect.arrayContaining(kindNames.map(classNameOf)));
});

test("what every state names, and a command of the package, are where they were", () => {
  const entry = createRequire(import.meta.url)(join(projectDir, doors["./provider"] ?? "")) as unknown;
  expect(entry).toBeTypeOf("function");
  expect(Object.keys(bin)).toContain("airbyte-mend-state");
});
