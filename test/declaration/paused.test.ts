import { expect, test } from "vitest";
import { paused } from "../../declaration/declare.ts";
import { faker, load, postgres } from "./project.ts";

test("in a paused stack every connection is inactive and begins with no sync; all else is as declared", () => {
  const declared = load(`
sources: { users: { definitionId: ${faker} } }
destinations: { warehouse: { definitionId: ${postgres} } }
connections:
  first: { source: users, destination: warehouse, schedule: { every: hour }, sync: { onCreate: true } }
  second: { source: users, destination: warehouse, status: inactive, prefix: raw_ }`);
  const { connections, ...others } = paused(declared);
  const { connections: before, ...same } = declared;
  expect(others).toEqual(same);
  expect(connections.first).toEqual({ ...before.first, status: "inactive", sync: undefined });
  expect(connections.second).toEqual(before.second);
});
