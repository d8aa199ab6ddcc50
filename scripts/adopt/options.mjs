// What npm run adopt is asked for, and what the stack's settings need for it.
import { readFileSync } from "node:fs";
import { stackOption } from "../../errors/commands.ts";
import { parseOptions, wrongOption } from "../options.mjs";
import { StopError } from "../setup/stop.mjs";

/** Where resource classes go. */
const MODULE = "adopted.ts";

/** Whether the program makes what a module declares: else the state would hold what the next `up` deletes. */
function programHas(file) {
  return readFileSync("index.ts", "utf8").includes(`"./${file}"`);
}

/** @throws StopError for what it doesn't take */
export function readOptions(args) {
  const values = parseOptions("adopt", args, {
    url: { type: "string" },
    workspace: { type: "string", multiple: true, default: [] },
    out: { type: "string" },
    also: { type: "string", multiple: true, default: [] },
    "from-tfstate": { type: "string" },
    "ask-secrets": { type: "boolean", default: false },
    "no-state": { type: "boolean", default: false },
    typescript: { type: "boolean", default: false },
    force: { type: "boolean", default: false },
  });
  const also = values.also.flatMap((kinds) => kinds.split(","));
  const unknown = also.find((kind) => !["permissions", "applications"].includes(kind));
  if (unknown !== undefined) throw wrongOption("adopt", `--also takes permissions and applications; found ${unknown}`);
  const { url, out, force, typescript } = values;
  const state = !values["no-state"] && (!typescript || programHas(out ?? MODULE));
  const [tfstate, askSecrets] = [values["from-tfstate"], values["ask-secrets"]];
  return { url, out, force, typescript, also, tfstate, askSecrets, state, workspaces: values.workspace };
}

/** What the stack has to be told to live in the Airbyte of `--url`. */
export function newSettings({ url }, values, before, stack, env) {
  const option = stackOption(stack);
  const settings = {};
  if (url !== undefined && !(values.target === "existing" && values.url === url)) {
    const next = `Next step: a stack of its own for this one: npm run adopt -- --url ${url} --stack NAME`;
    // Credentials of one Airbyte never go to another.
    const other = values.url ?? values.platform;
    if (other !== undefined && other !== url) {
      throw new StopError(
        `The settings of the stack ${stack} are for another Airbyte (${other}), and so are its credentials. ${next}`,
        2,
      );
    }
    const has = (before.deployment.resources ?? []).some(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
    if (has) {
      throw new StopError(`The stack ${stack} lives in another Airbyte already, and one can't live in two. ${next}`, 2);
    }
    Object.assign(settings, { target: "existing", url });
  }
  const { target, auth = "application", clientId, clientSecret } = { ...values, ...settings };
  if (target !== "existing" || auth !== "application" || (clientId && clientSecret)) return settings;
  const { AIRBYTE_CLIENT_ID, AIRBYTE_CLIENT_SECRET } = env;
  if (AIRBYTE_CLIENT_ID && AIRBYTE_CLIENT_SECRET) {
    return { ...settings, clientId: AIRBYTE_CLIENT_ID, clientSecret: AIRBYTE_CLIENT_SECRET };
  }
  throw new StopError(
    "Airbyte's API needs the client id and secret of an application (in Airbyte: Settings, Applications). Next step:\n" +
      `  npm run pulumi -- config set clientId ID${option}\n` +
      `  npm run pulumi -- config set --secret clientSecret${option}     (asks for the value)\n` +
      "or both in the environment: AIRBYTE_CLIENT_ID and AIRBYTE_CLIENT_SECRET. Then run the same command again.",
  );
}
