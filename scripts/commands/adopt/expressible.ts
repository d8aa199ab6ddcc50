import { formatPath } from "../../../errors/user-error.ts";
import { isMap } from "../../../declaration/walk.ts";
import { entries } from "../../../declaration/schema.ts";
import { neededKeys } from "../../../providers/airbyte/kinds/describe.ts";
import { descriptionOf } from "../../../providers/airbyte/kinds/descriptions.ts";
import { check, isIssues } from "../../../errors/zod-issues.ts";
import { mapSecrets, type Entry } from "./model.ts";

/**
 * Leaves out of an entry what a file can't say, and notes it there: a setting that isn't declared keeps what it has.
 *
 * @returns why nothing can be said of the object, where that is so
 */
export function leaveOutInexpressible(entry: Entry): string | undefined {
  const key = keyWithReference(entry.settings);
  if (key !== undefined) return `it has a key with \${ in it (${key}), where files of pipelines can't have it`;
  const needed = [...neededKeys(descriptionOf(entry.kind)), "name"];
  for (;;) {
    const result: unknown = check(
      entries[entry.kind],
      mapSecrets(entry.settings, () => "secret"),
      () => "what it has",
    );
    if (!isIssues(result)) return undefined;
    const [issue] = result;
    const setting = String(issue?.path[0]);
    const words = issue === undefined ? "" : `${formatPath(issue.path)}: ${issue.text}`;
    if (needed.includes(setting) || !(setting in entry.settings)) return words;
    entry.settings = Object.fromEntries(Object.entries(entry.settings).filter(([name]) => name !== setting));
    entry.notes.push(`${setting} is left as it is in Airbyte: it can't be said here (${words})`);
  }
}

function keyWithReference(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(keyWithReference).find((found) => found !== undefined);
  if (!isMap(value)) return undefined;
  const own = Object.keys(value).find((key) => key.includes("${"));
  return (
    own ??
    Object.values(value)
      .map(keyWithReference)
      .find((found) => found !== undefined)
  );
}
