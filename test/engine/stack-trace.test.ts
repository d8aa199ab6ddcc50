import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { Project } from "./project.ts";

const PROGRAM = `import * as pulumi from "@pulumi/pulumi";

interface Settings {
  name: string;
}

function broken({ name }: Settings): never {
  throw new TypeError(\`no \${name} here\`);
}

export const later = pulumi.output("sense").apply((name) => broken({ name }));
`;

test("an error that nobody expected comes with its lines in the program's TypeScript", async () => {
  const project = await Project.create({ program: PROGRAM });
  for (const program of [PROGRAM, PROGRAM.replace(/export const later.*/, 'broken({ name: "sense" });')]) {
    project.write("index.ts", program);
    const run = await project.pulumi(["preview", "--stack", "dev"]);
    expect(run.code).not.toBe(0);
    const text = stripVTControlCharacters(run.text); // Node shows traces in colours, wherever they go
    expect(text).toContain("no sense here");
    expect(text).toMatch(/at broken \(.*index\.ts:8:9\)/);
    expect(text).toMatch(/index\.ts:11:\d+/);
  }
});
