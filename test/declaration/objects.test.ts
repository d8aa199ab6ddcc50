import { describe, expect, test } from "vitest";
import { faker, load, mistakesOf, postgres, values } from "./project.ts";

const text = `
workspaces:
  marketing:
    notifications: { failure: { webhook: { enabled: true, url: "\${secret:slack}" } } }
tags:
  nightly: { color: 1F77B4, workspace: marketing }
sourceDefinitions:
  erp: { dockerRepository: me/source-erp, dockerImageTag: "1.0" }
destinationDefinitions:
  lake: { dockerRepository: me/destination-lake, dockerImageTag: "1.0" }
declarativeSourceDefinitions:
  shop: { manifest: { spec: { type: Spec } } }
sources:
  orders: { definition: erp, workspace: marketing }
  sales: { definition: shop }
destinations:
  archive: { definition: lake }
connections:
  flow: { source: orders, destination: archive, tags: [nightly, ${faker}] }
permissions:
  ann: { permissionType: workspace_editor, userEmail: ann@example.com, workspace: marketing }
applications:
  scheduler: {}`;

test("every kind is declared by its name, and names others by theirs", () => {
  const pipelines = load(text, values({ slack: "https://hooks.example.com/1" }));
  expect(pipelines.workspaces.marketing?.notifications?.failure?.webhook?.url).toBe("https://hooks.example.com/1");
  expect(pipelines.connections.flow?.tags).toEqual(["nightly", faker]);
  expect(pipelines.sources.sales).toMatchObject({ definition: "shop" });
  expect(pipelines.applications).toEqual({ scheduler: {} });
});

test("defaults and forEach work for them as for all others", () => {
  const { tags } = load(`
defaults: { tags: { color: "000000" } }
tags:
  "\${each}": { forEach: [hourly, nightly] }
  red: { color: FF0000, name: Red }`);
  expect(tags).toEqual({
    hourly: { color: "000000" },
    nightly: { color: "000000" },
    red: { color: "FF0000", name: "Red" },
  });
});

const tag = "tags: { nightly: { color: 1F77B4 } }";
const ends = `sources: { s: { definitionId: ${faker} } }\ndestinations: { d: { definitionId: ${postgres} } }`;

test.each([
  [
    "an unknown workspace names the nearest",
    `workspaces: { marketing: {} }\ntags: { a: { color: FF0000, workspace: marketin } }`,
    'tags.a.workspace: there is no workspace "marketin"; did you mean "marketing"?',
  ],
  [
    "an unknown tag of a connection names the nearest",
    `${tag}\n${ends}\nconnections: { c: { source: s, destination: d, tags: [nigtly] } }`,
    'connections.c.tags[0]: there is no tag "nigtly"; did you mean "nightly"?',
  ],
  [
    "an unknown connector names the nearest",
    `sourceDefinitions: { erp: { dockerRepository: a/b, dockerImageTag: "1" } }\nsources: { s: { definition: erpp } }`,
    'sources.s.definition: there is no sourceDefinition or declarativeSourceDefinition "erpp"; did you mean "erp"?',
  ],
  [
    "a connector of the wrong kind is told to be one",
    `sourceDefinitions: { erp: { dockerRepository: a/b, dockerImageTag: "1" } }\ndestinations: { d: { definition: erp } }`,
    'destinations.d.definition: there is no destinationDefinition "erp"; "erp" is a sourceDefinition',
  ],
  [
    "a connector's name that two kinds have",
    `sourceDefinitions: { a: { dockerRepository: a/b, dockerImageTag: "1" } }
declarativeSourceDefinitions: { a: { manifest: { spec: {} } } }
sources: { s: { definition: a } }`,
    'sources.s.definition: "a" is declared under sourceDefinitions and under declarativeSourceDefinitions; give one of them another name',
  ],
  [
    "an image with its tag",
    'sourceDefinitions: { a: { dockerRepository: "localhost:5000/a/b:1.2", dockerImageTag: "1" } }',
    /a\.dockerRepository: expected an image's name, .*; the tag is a setting of its own: dockerImageTag: "1\.2"$/,
  ],
  [
    "an image as an address",
    'destinationDefinitions: { a: { dockerRepository: "https://ghcr.io/a/b", dockerImageTag: "1" } }',
    /a\.dockerRepository: expected an image's name, such as .*, without https:\/\/$/,
  ],
  [
    "an image with a blank",
    'sourceDefinitions: { a: { dockerRepository: "a/b c", dockerImageTag: "1" } }',
    /a\.dockerRepository: expected an image's name, .*; a name holds no blanks$/,
  ],
  [
    "an image with capitals",
    'sourceDefinitions: { a: { dockerRepository: Me/source, dockerImageTag: "1" } }',
    /a\.dockerRepository: expected an image's name, .*; names of images are in lower case$/,
  ],
  [
    "a tag that is none",
    'sourceDefinitions: { a: { dockerRepository: a/b, dockerImageTag: "my version" } }',
    /a\.dockerImageTag: expected a tag of letters, digits, _ \. and -, such as 1\.2\.0$/,
  ],
  [
    "an enabled webhook without its address",
    "workspaces: { w: { notifications: { failure: { webhook: { enabled: true } } } } }",
    "workspaces.w.notifications.failure.webhook.url: is missing; an enabled webhook needs one",
  ],
  [
    "a role in an organization that isn't named",
    `permissions: { p: { permissionType: organization_member, userId: ${faker} } }`,
    "permissions.p.permissionType: organization_member needs organizationId",
  ],
  [
    "a workspace given twice",
    `workspaces: { m: {} }\nsources: { s: { definitionId: ${faker}, workspace: m, workspaceId: ${faker} } }`,
    "sources.s.workspace: and workspaceId: give one of them",
  ],
  [
    "a permission of nobody",
    "permissions: { p: { permissionType: workspace_reader } }",
    "permissions.p.userId: is missing; expected the user's id, or the address in userEmail",
  ],
  [
    "an unknown permission names the nearest",
    `permissions: { p: { permissionType: workspace_edito, userId: ${faker} } }`,
    /permissions\.p\.permissionType: expected one of .*; did you mean "workspace_editor"\?$/,
  ],
  [
    "a colour with #",
    'tags: { a: { color: "#FF0000" } }',
    "tags.a.color: expected six hexadecimal digits without #, such as 1F77B4",
  ],
  [
    "a long name",
    `tags: { a: { color: FF0000, name: ${"x".repeat(31)} } }`,
    "tags.a.name: a tag's name has at most 30 characters",
  ],
  [
    "an unknown event names the nearest",
    "workspaces: { w: { notifications: { failed: {} } } }",
    /workspaces\.w\.notifications\.failed: unknown key/,
  ],
])("%s", (_, file, expected) => {
  expect(mistakesOf(file)).toEqual([
    typeof expected === "string" ? expect.stringContaining(expected) : expect.stringMatching(expected),
  ]);
});

test("a secret is refused in everything of them but a webhook's address", () => {
  const stack = values({ p: "s3cret" });
  for (const file of [
    'workspaces: { w: { name: "${secret:p}" } }',
    'applications: { a: { name: "${secret:p}" } }',
    'declarativeSourceDefinitions: { d: { manifest: { spec: "${secret:p}" } } }',
  ]) {
    expect(mistakesOf(file, stack)).toEqual([expect.stringContaining("a secret can't be used here")]);
  }
});

describe("manifestFile", () => {
  const declared = "declarativeSourceDefinitions: { shop: { manifestFile: shop.yaml } }";

  test("is found beside the file that names it, and taken as it stands", () => {
    const files = {
      "pipelines.yaml": "sources: {}",
      "pipelines/a.yaml": declared.replace("shop.yaml", "manifests/shop.yaml"),
      "pipelines/manifests/shop.yaml": "spec: { type: Spec }\nurl: \"${each} {{ config['x'] }}\"",
    };
    expect(load(files).declarativeSourceDefinitions.shop).toEqual({
      manifest: { spec: { type: "Spec" }, url: "${each} {{ config['x'] }}" },
    });
  });

  test("that isn't there, isn't YAML, or holds no map, is a mistake with its path", () => {
    const mistakes = (more: Record<string, string>) => mistakesOf({ "pipelines.yaml": declared, ...more });
    const at = "pipelines.yaml:1:55 declarativeSourceDefinitions.shop.manifestFile:";
    expect(mistakes({})).toEqual([`${at} there is no file shop.yaml`]);
    expect(mistakes({ "shop.yaml": "- a" })).toEqual([
      "shop.yaml:1:1 expected a manifest, which is a map; found a list",
    ]);
    expect(mistakes({ "shop.yaml": "a: [" })).toEqual([expect.stringMatching(/^shop.yaml:1:\d+ not valid YAML: /)]);
  });

  test("beside a manifest is one too many, and none of them one too few", () => {
    const of = (keys: string) => mistakesOf(`declarativeSourceDefinitions: { shop: { ${keys} } }`);
    expect(of("manifest: {}, manifestFile: a.yaml")).toContainEqual(
      expect.stringContaining("and manifestFile: give one of them"),
    );
    expect(of("name: Shop")).toEqual([
      expect.stringContaining("shop.manifest: is missing; expected the low-code manifest"),
    ]);
  });
});
