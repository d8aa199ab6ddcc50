// What npm run adopt is asked for, and what the stack's settings need for it.
import { readFileSync } from "node:fs";
import { stackOption, UserError } from "../../../errors/user-error.ts";
import { mistake } from "../command-line.ts";
import { ON_REQUEST } from "./inventory.ts";
import type { AdoptOptions } from "./plan.ts";
import type { StateResource } from "../../stack/state.ts";

/** The command's options as they are given. */
export interface Given {
  url: string | undefined;
  workspace: string[];
  also: string[];
  out: string | undefined;
  force: boolean;
  "ask-secrets": boolean;
  "no-state": boolean;
  "from-tfstate": string | undefined;
  typescript: boolean;
}

/** What somebody wants of it. */
export interface Wanted extends AdoptOptions {
  url: string | undefined;
  askSecrets: boolean;
}

/** Where resource classes go. */
const MODULE = "adopted.ts";

/** Whether the program makes what a module declares: else the state would hold what the next `up` deletes. */
function programHas(file: string): boolean {
  return readFileSync("index.ts", "utf8").includes(`"./${file}"`);
}

/** @throws UserError for what it doesn't take */
export function readOptions(values: Given): Wanted {
  const named = values.also.flatMap((kinds) => kinds.split(","));
  const also = ON_REQUEST.filter((kind) => named.includes(kind));
  const unknown = named.find((kind) => !(ON_REQUEST as readonly string[]).includes(kind));
  if (unknown !== undefined) throw mistake("adopt", `--also takes ${ON_REQUEST.join(", ")}; found ${unknown}`);
  const { url, out, force, typescript } = values;
  const state = !values["no-state"] && (!typescript || programHas(out ?? MODULE));
  const [tfstate, askSecrets] = [values["from-tfstate"], values["ask-secrets"]];
  return { url, out, force, typescript, also, tfstate, askSecrets, state, workspaces: values.workspace };
}

/** What the stack has to be told to live in the Airbyte of `--url`. */
export function newSettings(
  { url }: Pick<Wanted, "url">,
  values: Readonly<Record<string, string>>,
  resources: readonly Pick<StateResource, "type">[],
  stack: string,
  env: NodeJS.ProcessEnv,
): Record<string, string> {
  const option = stackOption(stack);
  const settings: Record<string, string> = {};
  if (url !== undefined && !(values.target === "existing" && values.url === url)) {
    const next = `a stack of its own for this one: npm run adopt -- --url ${url} --stack NAME`;
    // Credentials of one Airbyte never go to another.
    const other = values.url ?? values.platform;
    if (other !== undefined && other !== url) {
      throw new UserError(
        `The settings of the stack ${stack} are for another Airbyte (${other}), and so are its credentials.`,
        { next, exitCode: 2 },
      );
    }
    const has = resources.some(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
    if (has) {
      throw new UserError(`The stack ${stack} lives in another Airbyte already, and one can't live in two.`, {
        next,
        exitCode: 2,
      });
    }
    Object.assign(settings, { target: "existing", url });
  }
  const {
    target,
    auth = "application",
    clientId,
    clientSecret,
  }: Record<string, string | undefined> = {
    ...values,
    ...settings,
  };
  if (target !== "existing" || auth !== "application" || (clientId && clientSecret)) return settings;
  const { AIRBYTE_CLIENT_ID, AIRBYTE_CLIENT_SECRET } = env;
  if (AIRBYTE_CLIENT_ID && AIRBYTE_CLIENT_SECRET) {
    return { ...settings, clientId: AIRBYTE_CLIENT_ID, clientSecret: AIRBYTE_CLIENT_SECRET };
  }
  throw new UserError(
    "Airbyte's API needs the client id and secret of an application (in Airbyte: Settings, Applications).",
    {
      next: [
        "set both, then run the same command again:",
        `    npm run pulumi -- config set clientId ID${option}`,
        `    npm run pulumi -- config set --secret clientSecret${option}     (asks for the value)`,
        "  or have them in the environment: AIRBYTE_CLIENT_ID and AIRBYTE_CLIENT_SECRET.",
      ].join("\n"),
    },
  );
}
