import { expect, test } from "vitest";
import { Project } from "./project.ts";
import { FAKER, POSTGRES } from "./sample.ts";

/** As logical names, and as Airbyte shows them. */
const NAMES = [
  `Bob's "orders"`,
  "🎉 👩‍👩‍👧‍👦",
  "  spaces  inside and around ",
  "a:b$c/d\\e%f,g",
  "$(date) `id` ; rm",
  "constructor",
  "Zürich 東京",
  "n".repeat(100),
];

const entries = <T>(make: (name: string, index: number) => T) =>
  Object.fromEntries(NAMES.map((name, index) => [name, make(name, index)] as const));

const PIPELINES = {
  sources: entries(() => ({ definitionId: FAKER, configuration: { count: 10 } })),
  destinations: {
    warehouse: {
      definitionId: POSTGRES,
      name: "w".repeat(256),
      configuration: { host: "db", port: 5432, database: "d", schema: "public", username: "u" },
    },
  },
  connections: entries((name) => ({ source: name, destination: "warehouse" })),
};

test("names with quotes, emoji, spaces and of 256 characters go up, stay as they are, and go away", async () => {
  const project = await Project.create({ pipelines: JSON.stringify(PIPELINES) });
  await project.up();
  for (const kind of ["sources", "connections"] as const) {
    expect((await project.onServer(kind)).map(({ name }) => name).sort()).toEqual([...NAMES].sort());
  }
  expect((await project.onServer("destinations")).map(({ name }) => name)).toEqual(["w".repeat(256)]);

  const stack = JSON.parse((await project.must("stack", "output", "--json", "--stack", "dev")).stdout) as {
    pipelines: Record<string, { source: string }>;
  };
  expect(Object.entries(stack.pipelines).map(([name, { source }]) => [name, source])).toEqual(
    expect.arrayContaining(NAMES.map((name) => [name, name])),
  );
  expect(await project.preview()).toEqual([]);
  expect((await project.up()).text).not.toMatch(/created|updated|replaced|deleted/);
  expect((await project.refresh()).text).not.toMatch(/created|updated|replaced|deleted/);

  await project.destroy();
  expect(await project.resources()).toEqual([]);
});
