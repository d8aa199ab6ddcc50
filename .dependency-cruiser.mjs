// Which part of the project may import which: arrows go down only, and nowhere round, those of types included.
import { readFileSync } from "node:fs";

const { include } = JSON.parse(readFileSync(new URL("tsconfig.json", import.meta.url), "utf8"));
const code = `^(main.mjs|${include.filter((name) => name !== "test" && !name.includes("*")).join("|")})`;

/** The rooms, from the top down: each may import those below it, and of those beside it none. */
const below = {
  declaration: ["providers", "settings", "errors"],
  infra: ["providers", "settings", "credentials", "errors", "embedded"],
  providers: ["settings", "credentials", "errors", "specification", "embedded"],
  settings: ["credentials", "errors", "embedded"],
  credentials: ["errors"],
  errors: [],
  embedded: ["specification"],
  specification: [],
  policy: ["settings"],
};

const rooms = Object.entries(below).map(([room, others]) => ({
  name: `below-${room}`,
  comment: `${room}/ imports nothing but ${others.map((other) => `${other}/`).join(", ") || "itself"} of the project.`,
  severity: "error",
  from: { path: `^${room}/` },
  to: { path: code, pathNot: `^(${[room, ...others].join("|")})/` },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...rooms,
    {
      name: "no-circles",
      comment:
        "Two files that need each other are one file, or stand on a third. The door declares two interfaces that programs add to, which TypeScript wants there.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { pathNot: "^providers/airbyte/index.ts$" } },
    },
    {
      name: "one-door-of-the-embedded-airbyte",
      comment:
        "The program and the provider reach the embedded Airbyte by embedded/index.ts alone, and only where it is said how to get into one.",
      severity: "error",
      from: { path: "^(infra|providers|settings|declaration)/" },
      to: { path: "^embedded/", pathNot: "^embedded/index.ts$" },
    },
    {
      name: "who-starts-the-embedded-airbyte",
      severity: "error",
      from: {
        path: "^(infra|providers|settings)/",
        pathNot: "^(infra/targets/|settings/|providers/(access.ts|host/))",
      },
      to: { path: "^embedded/" },
    },
    {
      name: "the-session-knows-no-targets",
      severity: "error",
      from: { path: "^providers/airbyte/" },
      to: { path: "^providers/host/" },
    },
    {
      name: "users-run-no-tests",
      severity: "error",
      from: { path: code },
      to: { path: "^test/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".mjs", ".cjs", ".js", ".json"] },
  },
};
