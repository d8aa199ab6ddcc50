import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ConfigurationError, explained, isUserError, mistakeInWords, UserError } from "../../errors/user-error.ts";
import { AirbyteError } from "../../providers/airbyte/api/errors.ts";
import { StopError } from "../../scripts/setup/messages.mjs";

test("place, summary and next step are fields, and told together", () => {
  const error = new UserError("the port is taken.", { code: "port", place: "embedded", next: "choose another one." });
  expect(error).toMatchObject({
    code: "port",
    place: "embedded",
    summary: "the port is taken.",
    next: "choose another one.",
  });
  expect(error.message).toBe("embedded: the port is taken.\n  Next step: choose another one.");
  expect(new UserError("the port is taken.").message).toBe("the port is taken.");
});

test("every error that explains itself is known as one: also those of set-up, and of another copy of the module", async () => {
  const path = "../../errors/user-error.ts?another-copy";
  const copy = (await import(path)) as { UserError: typeof UserError };
  expect(copy.UserError).not.toBe(UserError);
  const Stop = StopError as new (message: string) => Error;
  const all = [
    new UserError("x"),
    new copy.UserError("x"),
    new ConfigurationError("pipelines.yaml", []),
    new AirbyteError({ code: "refused", call: "GET /x", message: "no" }),
    new Stop("x"),
  ];
  for (const error of all) expect(isUserError(error)).toBe(true);
  for (const other of [new Error("x"), { message: "x" }, "x", undefined]) expect(isUserError(other)).toBe(false);
});

test("the error of a part that knows no UserError becomes one, whether it is thrown or a promise's; a UserError stays itself", async () => {
  const cause = new Error("the disk is full");
  const fail = () => {
    throw cause;
  };
  expect(() => explained(fail)).toThrow(expect.objectContaining({ summary: "the disk is full", cause }));
  await expect(explained(() => Promise.reject(cause))).rejects.toBeInstanceOf(UserError);
  const own = new UserError("x", { next: "y" });
  await expect(explained(() => Promise.reject(own))).rejects.toBe(own);
});

test("a mistake is one line, and one for its remedy, whatever it quotes", () => {
  expect(mistakeInWords({ file: "pipelines.yaml:1:1", path: "", text: "is empty" })).toBe(
    "pipelines.yaml:1:1 is empty",
  );
  const odd = mistakeInWords({ path: "url", text: "found a\nb", remedy: "pulumi config set url 'a\nb'" });
  expect(odd).toBe("url: found a\\u000ab\n  pulumi config set url 'a\\u000ab'");
});

test("how a next step is told stands in one place", () => {
  const files = globSync("{errors,settings,credentials,declaration,infra,providers,scripts}/**/*.{ts,mjs}");
  const typed = files.filter((file) => readFileSync(file, "utf8").includes("Next step:"));
  expect(typed).toEqual(["errors/user-error.ts"]);
});
