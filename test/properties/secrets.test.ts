import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { keepSecrets, mask, maskingOf, replaceSecrets } from "../../embedded/connectors/secrets.ts";
import type { JsonObject } from "../../embedded/json.ts";
import { actorDetails } from "../../embedded/api/page/shown.ts";
import { shownConfiguration } from "../../embedded/platform/actors.ts";
import { secretsOf } from "../../providers/airbyte/lifecycle/stored.ts";
import { Redactor } from "../../providers/airbyte/api/redact.ts";
import { seal } from "../../providers/airbyte/kinds/actor/sealing.ts";
import { issueInWords } from "../../errors/zod-issues.ts";
import { checkConfiguration } from "../../providers/airbyte/specification/check.ts";
import { hideSecrets } from "../../scripts/commands/adopt/making.ts";
import { typable } from "../../scripts/commands/types/declarations.ts";
import { FakeDestination, fakeSource, instanceWith } from "../embedded/syncs/fakes.ts";
import { start } from "../embedded/start.ts";
import { junk, marked, type Marked } from "./specifications.ts";

const SECRET = 's3cret "+/é\\'; // with something that each encoding changes
const limits = { numRuns: 300 };

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

function at(value: unknown, path: Marked["path"]): unknown {
  return path.reduce((inside, step) => (inside as Record<string | number, unknown> | undefined)?.[step], value);
}

/** The secret is nowhere in it, and what is none is still there. */
function expectHidden(shown: unknown) {
  expect(stringsIn(shown).filter((text) => text.includes(SECRET))).toEqual([]);
  expect(shown).toMatchObject({ region: "eu-central-1" });
}

test("the embedded Airbyte shows a secret neither in its API nor on its page, wherever a specification marks it", async () => {
  const source = fakeSource(() => {
    throw new Error("never read");
  });
  const { instance, store } = instanceWith(source, new FakeDestination().connector);
  await fc.assert(
    fc.asyncProperty(marked(SECRET), async ({ specification, configuration }) => {
      const connectionSpecification = specification as JsonObject;
      source.spec = () => Promise.resolve({ connectionSpecification, supportedDestinationSyncModes: [] });
      const stored = store.sources.get("source")!;
      const actor = store.sources.put({ ...stored, configuration: configuration as JsonObject });
      expectHidden(await shownConfiguration(instance, actor));
      const { settings } = await actorDetails(instance, "source", "source");
      expectHidden(Object.fromEntries(settings.map(({ path, value }) => [path.join("."), value])));
    }),
    limits,
  );
}, 60_000);

test("no answer of the API has the secret, and a PUT of what was shown keeps it", async () => {
  const { call, config, workspaceId } = await start();
  const definitions = `/workspaces/${workspaceId}/definitions/declarative_sources`;
  await fc.assert(
    fc.asyncProperty(marked(SECRET, true), async ({ specification, configuration, path }) => {
      const manifest = { version: "6", spec: { connection_specification: specification }, streams: [] };
      const definition = await call("POST", definitions, { name: "Low", manifest });
      const given = { name: "L", workspaceId, definitionId: (definition.body as { id: string }).id, configuration };
      const created = await call("POST", "/sources", given);
      expect(created).toMatchObject({ status: 200 });
      const { sourceId, configuration: shown } = created.body as { sourceId: string; configuration: object };
      expectHidden(shown);
      expect(at(shown, path)).toBe(mask);
      const own = `/sources/${sourceId}`;
      const answers = [
        await call("GET", own),
        await call("PATCH", own, { name: "M" }),
        await call("PUT", own, { name: "N", configuration: shown }),
        await call("GET", "/sources"),
        await config("sources/get", { sourceId }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      expect(stringsIn(answers.map(({ body }) => body as unknown)).filter((text) => text.includes(SECRET))).toEqual([]);
      const inList = path.some((step) => typeof step === "number"); // there Airbyte keeps none
      const kept = keepSecrets(specification as JsonObject, shown as JsonObject, configuration as JsonObject);
      if (!inList) expect(kept).toEqual(configuration);
      await call("DELETE", own);
      await call("DELETE", `${definitions}/${given.definitionId}`);
    }),
    { numRuns: 40 },
  );
}, 60_000);

test("a secret is sealed in the state wherever a specification marks it, also where it or what holds it is known late", async () => {
  vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  await fc.assert(
    fc.asyncProperty(marked(SECRET), fc.nat(), async ({ specification, configuration, path }, late) => {
      const lookup = Promise.resolve({ connector: "thing", schema: specification as JsonObject });
      const sealed = seal(configuration, lookup).configuration as Record<string, unknown>;
      expect(await pulumi.isSecret(at(sealed, path) as pulumi.Output<unknown>)).toBe(true);
      expect(await pulumi.isSecret(sealed.region as pulumi.Output<unknown>)).toBe(false);

      const holder = path.slice(0, 1 + (late % path.length));
      const given = structuredClone(configuration);
      const holding = at(given, holder.slice(0, -1)) as Record<string | number, unknown>;
      holding[holder.at(-1)!] = pulumi.output(at(configuration, holder));
      const half = seal(given, lookup).configuration;
      expect(await pulumi.isSecret(at(half, holder) as pulumi.Output<unknown>)).toBe(true);
    }),
    limits,
  );
}, 60_000);

test("no mistake that a check tells, no log and no file of adopted pipelines quotes it", async () => {
  vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  await fc.assert(
    fc.asyncProperty(marked(SECRET), async ({ specification, configuration }) => {
      const found = { connector: "thing", schema: specification as JsonObject };
      const { mistakes, warnings } = checkConfiguration(configuration as JsonObject, found);
      expect([...mistakes.map(issueInWords), ...warnings].join()).not.toContain(SECRET);

      const log = `region eu-central-1: ${JSON.stringify(configuration)}`;
      const { sealed } = seal(configuration, Promise.resolve(found));
      const redacted = new Redactor().add(secretsOf({ configuration, sealed: await sealed })).text(log);
      const masked = maskingOf(found.schema, configuration as JsonObject)(log);
      for (const text of [redacted, masked]) {
        expect(text).toContain("eu-central-1");
        expect(text).not.toContain("s3cret");
      }
      const secret = () => ({}) as ReturnType<Parameters<typeof hideSecrets>[1]["secret"]>;
      expectHidden(hideSecrets(configuration as JsonObject, { specification: found, known: undefined, secret }));
    }),
    limits,
  );
}, 60_000);

test("types can be made of every specification", () => {
  fc.assert(
    fc.property(marked(SECRET), ({ specification }) => {
      expect(typable(specification as JsonObject)).toMatchObject({ properties: { region: { type: "string" } } });
    }),
    limits,
  );
}, 60_000);

test("what is no specification at all is read without an error, a circle or a long thought", () => {
  const value = { k_1: { k_1: [{ k_1: "a" }] }, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_: 1 };
  fc.assert(
    fc.property(junk, (schema) => {
      const specification = schema as JsonObject;
      replaceSecrets(specification, value, () => mask);
      checkConfiguration(value, { connector: "thing", schema: { properties: { k_1: specification } } });
      typable({ type: "object", properties: { k_1: specification } });
    }),
    { numRuns: 1000 },
  );
}, 60_000);
