import { describe, expect, test } from "vitest";
import { Manifests } from "../../../providers/airbyte/lifecycle/manifests.ts";

const streamsOf = (manifest: object) => {
  const manifests = new Manifests();
  manifests.note("source", { definitionId: "connector", configuration: {} });
  manifests.note("connector", { manifest });
  return manifests.streamsOf("source");
};
const stream = (name: string) => ({ type: "DeclarativeStream", name });

describe("the streams of a manifest", () => {
  test("by name, also where they are references, as the connector builder writes them", () => {
    expect(streamsOf({ streams: [stream("a"), { $ref: "#/definitions/b" }], definitions: { b: stream("b") } })).toEqual(
      ["a", "b"],
    );
    expect(streamsOf({ streams: [] })).toEqual([]);
  });

  test.each([
    [{}],
    [{ streams: [stream("a")], dynamic_streams: [{ type: "DynamicDeclarativeStream" }] }],
    [{ streams: [stream("a"), { type: "ConditionalStreams", streams: [stream("b")] }] }],
    [{ streams: [stream("{{ config['name'] }}")] }],
    [{ streams: [{ $ref: "#/definitions/none" }] }],
  ])("%j can't tell them", (manifest) => {
    expect(streamsOf(manifest)).toBeUndefined();
  });
});

test("what is declared counts before a list, which is asked for once; one that can't be had is none", async () => {
  const manifests = new Manifests();
  manifests.note("s", { definitionId: "c" });
  manifests.note("c", { manifest: { streams: [stream("declared")] } });
  let asked = 0;
  const list = () => {
    asked += 1;
    return Promise.resolve([{ id: "c", manifest: { streams: [stream("old")] } }]);
  };
  await Promise.all([manifests.list("w", list), manifests.list("w", list)]);
  expect([asked, manifests.streamsOf("s")]).toEqual([1, ["declared"]]);
  await manifests.list("other", () => Promise.reject(new Error("403")));
  expect([manifests.isKnown("s"), manifests.isKnown("t"), manifests.streamsOf("t")]).toEqual([true, false, undefined]);
});
