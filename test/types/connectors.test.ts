import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { declarations } from "../../scripts/commands/types/declarations.ts";
import { specifications } from "./specifications.ts";

const folder = import.meta.dirname;

test("connectors.d.ts is what npm run types writes of these specifications", async () => {
  const written = await declarations(specifications, "specifications.ts");
  expect(written).toBe(readFileSync(join(folder, "connectors.d.ts"), "utf8"));
});
