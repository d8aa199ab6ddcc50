import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Application, type TypeDocOptions } from "typedoc";
import ts from "typescript";

/** Every class and type of the public door, from their doc comments. */
export async function resourcesReference(projectDir: string): Promise<string> {
  const door = join(projectDir, "providers/airbyte/index.ts");
  const out = mkdtempSync(join(tmpdir(), "typedoc-"));
  try {
    const options: Partial<TypeDocOptions> & Record<string, unknown> = {
      entryPoints: [door],
      plugin: ["typedoc-plugin-markdown"],
      logLevel: "Warn",
      excludeExternals: true,
      excludeInternal: true,
      excludePrivate: true,
      excludeProtected: true,
      disableSources: true,
      readme: "none",
      outputs: [{ name: "markdown", path: out }],
      outputFileStrategy: "modules",
      entryFileName: "index.md",
      hidePageHeader: true,
      hidePageTitle: true,
      hideBreadcrumbs: true,
      // Of a class its arguments and its outputs matter; every constructor takes a name, arguments and Pulumi's options.
      excludeNotDocumented: true,
      excludeNotDocumentedKinds: ["Constructor", "ConstructorSignature"],
      parametersFormat: "table",
      classPropertiesFormat: "table",
      interfacePropertiesFormat: "table",
    };
    const application = await Application.bootstrapWithPlugins(options, []);
    // The door alone, and what it imports: not the tests and all else that tsconfig.json includes.
    application.options.setCompilerOptions([door], compilerOptions(projectDir), undefined);
    const project = await application.convert();
    if (project === undefined) throw new Error("TypeDoc could not read the program");
    await application.generateOutputs(project);
    return readFileSync(join(out, "index.md"), "utf8");
  } finally {
    rmSync(out, { recursive: true });
  }
}

function compilerOptions(projectDir: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(projectDir, "tsconfig.json"), (file) => ts.sys.readFile(file)) as {
    config: unknown;
  };
  return ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, projectDir).options;
}
