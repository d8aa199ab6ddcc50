import fc from "fast-check";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { expect, test, vi } from "vitest";
import { HalfCreatedError } from "../../providers/airbyte/lifecycle/handler.ts";
import { Access } from "../../providers/access.ts";
import { Session } from "../../providers/airbyte/session.ts";
import { calls, dynamicProvider } from "../../providers/dynamic.ts";
import type { ResourceHandler, Props } from "../../providers/resource-handler.ts";
import { quietConsole } from "../../providers/quiet-console.ts";

const CODE = "exports.handler=()=>0";

/** Whatever a handler could answer by mistake. */
const answers = fc.dictionary(
  fc.string(),
  fc.anything({
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
    withNullPrototype: true,
    values: [
      fc.constant(undefined),
      fc.constant(() => 0),
      fc.constant(Symbol("s")),
      fc.constant(new URL("http://127.0.0.1/")),
      fc.double(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
    ],
  }),
);

/** A kind that answers this to every call. */
function answering(value: Props, halfCreated = false): ResourceHandler {
  const made = () => {
    if (halfCreated) throw new HalfCreatedError("id", value, "made, and then it failed");
    return Promise.resolve({ id: "id", outs: value });
  };
  return {
    check: () => ({ mistakes: [], inputs: value }),
    diff: () => ({ changes: false, replaces: [] }),
    create: made,
    read: () => Promise.resolve({ inputs: value, outs: value }),
    update: async () => (await made()).outs,
    delete: () => Promise.resolve(),
  };
}

const provider = (kind: ResourceHandler) => {
  const session = new Session(new Access({ get: () => undefined }));
  return calls(kind, () => session);
};

/** As Pulumi's dynamic provider packs what it gives the engine. */
function packed(value: unknown): unknown {
  return structs.Struct.fromJavaScript(value as Record<string, structs.JavaScriptValue>).toJavaScript();
}

test("whatever a kind answers, the engine is given what its protocol can carry", async () => {
  await fc.assert(
    fc.asyncProperty(answers, async (value) => {
      const kind = provider(answering(value));
      const state = { __provider: CODE };
      const { inputs } = (await kind.check({}, state)) as { inputs: unknown };
      const created = await kind.create(state);
      const seen = await kind.read("id", state);
      const { outs } = (await kind.update("id", state, state)) as { outs: unknown };
      for (const given of [inputs, created.outs, seen.props, seen.inputs, outs]) {
        expect(packed(given)).toEqual(packed(JSON.parse(JSON.stringify(value))));
      }
    }),
  );
});

test("what failed after it was made is given to the engine with the code that it belongs to", async () => {
  await fc.assert(
    fc.asyncProperty(answers, async (value) => {
      const kind = provider(answering(value, true));
      const failed = async (call: Promise<unknown>) => {
        const { properties } = (await call.catch((error: unknown) => error)) as HalfCreatedError;
        expect(packed(properties)).toEqual(
          packed({ ...(JSON.parse(JSON.stringify(value)) as object), __provider: CODE, __unfinished: true }),
        );
      };
      await failed(kind.create({ __provider: CODE }));
      await failed(kind.update("id", {}, { __provider: CODE }));
    }),
  );
});

test("a state that doesn't name its code is brought up to date by the next up", async () => {
  const { diff } = provider(answering({}));
  expect(await diff("id", { __provider: CODE }, { __provider: CODE })).toMatchObject({ changes: false });
  expect(await diff("id", {}, { __provider: CODE })).toMatchObject({ changes: true });
});

test("what failed after it was made is tried again by the next up, also when a refresh came between", async () => {
  const seen: Props[] = [];
  const kind = provider({
    ...answering({ name: "users" }, true),
    diff: (_id, olds) => {
      seen.push(olds);
      return { changes: false, replaces: [] };
    },
  });
  const { properties } = (await kind.create({ __provider: CODE }).catch((error: unknown) => error)) as HalfCreatedError;
  const { props } = (await kind.read("id", properties)) as { props: Props };
  const olds = { ...props, __provider: CODE };
  expect(await kind.diff("id", olds, { name: "users" })).toMatchObject({ changes: true });
  const { outs } = (await provider(answering({ name: "users" })).update("id", olds, { name: "users" })) as {
    outs: Props;
  };
  expect(await kind.diff("id", { ...outs, __provider: CODE }, { name: "users" })).toMatchObject({ changes: false });
  expect(seen).toEqual([{ name: "users" }, { name: "users" }]); // no kind is told of the note
});

test("neither errors, nor mistakes, nor lines quote a secret of the run, whoever says it", async () => {
  const session = new Session(new Access({ get: () => undefined }));
  session.keepSecrets({
    configuration: { password: "sEcret-123" },
    sealed: { by: "specification", paths: ["configuration.password"] },
  });
  const words = "no route with sEcret-123";
  const kind = calls(
    {
      ...answering({}),
      check: () => ({ mistakes: [words] }),
      create: () => Promise.reject(new HalfCreatedError("id", {}, words)),
    },
    () => session,
  );
  expect((await kind.check({}, {})).failures).toEqual([{ property: "", reason: "no route with [secret]" }]);
  await expect(kind.create({})).rejects.toMatchObject({
    message: "no route with [secret]",
    reasons: ["no route with [secret]"],
  });
});

test.each(["check", "diff", "create", "read", "update", "delete"] as const)(
  "an error in %s quotes no secret of what it was given, old or new, in its stack neither",
  async (name) => {
    const holding = (password: string) => ({ configuration: { password }, __provider: CODE });
    const [olds, news] = [holding("sEcret-123"), holding("sEcret-456")];
    const given = {
      check: [olds, news],
      diff: ["id", olds, news],
      create: [news],
      read: ["id", olds],
      update: ["id", olds, news],
      delete: ["id", olds],
    };
    const failing = () => Promise.reject(new TypeError(`no route with ${JSON.stringify(given[name])}`));
    const kind = provider({ ...answering({}), [name]: failing });
    const error = (await (kind[name] as (...all: unknown[]) => Promise<unknown>)(...given[name]).catch(
      (reason: unknown) => reason,
    )) as Error;
    expect(error.message).toContain("[secret]");
    expect(`${error.message} ${error.stack}`).not.toContain("sEcret");
  },
);

test("no server's or connector's words give orders to the terminal: neither mistakes, nor errors, nor lines", async () => {
  const hostile = "no \u001b]0;title\u0007 such \u202e table\r\n\tat line 1";
  const harmless = "no \\u001b]0;title\\u0007 such \\u202e table\\u000d\n\tat line 1";
  const kind = answering({});
  const { check } = provider({ ...kind, check: () => ({ mistakes: [hostile] }) });
  expect((await check({}, { __provider: CODE })).failures).toEqual([{ property: "", reason: harmless }]);
  for (const error of [new Error(hostile), new HalfCreatedError("id", {}, hostile)]) {
    const { create } = provider({ ...kind, create: () => Promise.reject(error) });
    await expect(create({ __provider: CODE })).rejects.toThrow(harmless);
  }
  const printed = vi.spyOn(console, "log").mockImplementation(() => undefined);
  new Session(new Access({ get: () => undefined })).log(hostile);
  expect(printed).toHaveBeenCalledWith(harmless);
});

test("a number that JSON doesn't know is a mistake, and -0 is 0", async () => {
  const { check } = provider({ ...answering({}), check: () => ({ mistakes: [] }) });
  const news = { configuration: { list: [1, NaN], far: -Infinity } };
  const { failures } = await check({}, news);
  expect(failures?.map(({ reason }) => reason)).toEqual(
    ["configuration.list[1]", "configuration.far"].map(
      (path) => `${path}: NaN and Infinity are no numbers that JSON knows; give a number, or text`,
    ),
  );
  expect(await check({}, { configuration: { neg: -0 } })).toStrictEqual({
    inputs: { configuration: { neg: 0 } },
    failures: [],
  });
});

test("of an error that explains itself Pulumi's own line is left out, of others it stays", () => {
  const printed: unknown[][] = [];
  const quiet = { error: (...words: unknown[]) => void printed.push(words) };
  quietConsole(quiet);
  quietConsole(quiet);
  const ours = thrownBy(() => dynamicProvider("no-such-kind"));
  for (const error of [ours, new TypeError("a mistake of ours")]) quiet.error(`${String(error)}: ${error.stack}`);
  expect(printed).toEqual([[expect.stringMatching(/^TypeError: a mistake of ours: TypeError: a mistake of ours\n/)]]);
});

test("what a program has to say when its channel is shut is left out where it is that, and nothing else", () => {
  const printed: unknown[][] = [];
  const quiet = { error: (...words: unknown[]) => void printed.push(words) };
  quietConsole(quiet);
  const undelivered = (original: string) =>
    `failed to deliver log message. \nerror: Error: Channel has been shut down \noriginal message: ${original}\n message severity: error`;
  quiet.error(
    undelivered("Error: 14 UNAVAILABLE: resource monitor shut down while sending resource outputs\n    at x"),
  );
  quiet.error(undelivered("the disk is full"));
  expect(printed).toEqual([[undelivered("the disk is full")]]);
});

function thrownBy(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
