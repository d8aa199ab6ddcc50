import {
  ensureRunning,
  hasData,
  portTaken,
  probe,
  remove,
  reserveAddress,
  stop,
  type EmbeddedOptions,
} from "../../embedded/index.ts";
import { dirname, resolve } from "node:path";
import { explained, nextStep, UserError } from "../../errors/user-error.ts";
import { WAIT } from "../airbyte/api/waits.ts";
import { changedKeys } from "../airbyte/lifecycle/canonical.ts";
import type { Props, ResourceHandler } from "../resource-handler.ts";

/** What a program declares of the embedded Airbyte. */
export interface EmbeddedServerInputs {
  /** Folder of its data, relative to the project. */
  dataDir: string;
  /** Its address, chosen once for the folder. */
  url: string;
  /** Destroying the stack stops the server and leaves its data. */
  keepData: boolean;
  options: EmbeddedOptions;
}

/** The life cycle of the embedded Airbyte: a process of this machine, and the folder that holds its data. */
export const embeddedServerHandler: ResourceHandler = {
  check(olds, news, session) {
    const before = typed(olds);
    const { dataDir, url } = typed(news);
    if (before.dataDir === undefined) session.expect(url);
    if (before.dataDir === undefined) return { mistakes: [] };
    const moves = typeof dataDir === "string" && resolve(dataDir) !== resolve(before.dataDir);
    if (moves && hasData(before.dataDir)) return { mistakes: [elsewhere(before.dataDir, dataDir)] };
    if (hasData(moves ? dataDir : before.dataDir)) return { mistakes: [] };
    const mistakes = [
      `The data folder of the embedded Airbyte is gone (${before.dataDir}): it was deleted, or this stack was made on another machine. ` +
        nextStep("npm run refresh takes what is gone out of the state, then npm start makes it anew."),
    ];
    return { mistakes };
  },
  // Another folder is no other Airbyte: the data have been moved there, or the check says that they have to be.
  diff(_id, olds, news, session) {
    inUse.add(resolve(typed(news).dataDir));
    const changes = changedKeys(olds, news, []).length > 0;
    if (changes) session.expect(typed(news).url);
    return { changes, replaces: [] };
  },
  async create(inputs) {
    const { dataDir, url, options } = typed(inputs);
    reserveAddress(dataDir, portOf(url));
    inUse.add(resolve(dataDir));
    const server = await explained(() => ensureRunning(dataDir, options));
    return { id: server.instanceId, outs: { ...inputs } };
  },
  async read(_id, state) {
    const { dataDir } = typed(state);
    if (!hasData(dataDir)) return undefined;
    await explained(() => ensureRunning(dataDir));
    return { inputs: state, outs: state };
  },
  async update(_id, olds, news) {
    const { dataDir, url, options } = typed(news);
    if (typed(olds).url !== url) await move(dataDir, url);
    await explained(() => ensureRunning(dataDir, options));
    return { ...news };
  },
  async delete(_id, state) {
    const { dataDir, keepData } = typed(state);
    // A server that was replaced, when its folder is the one that the stack uses; the live one may be the very same.
    if (inUse.has(resolve(dataDir))) return;
    await explained(() => (keepData ? stop(dataDir) : remove(dataDir)));
  },
};

/** The folders in which servers that this run keeps or makes have their data. */
const inUse = new Set<string>();

function elsewhere(from: string, to: string): string {
  return (
    `The embedded Airbyte's data are in ${from}, and the stack's settings (stateDir, or its name) lead to ${to}. ` +
    nextStep(`npm start moves them; or set stateDir to ${dirname(from)}.`)
  );
}

// The running server is stopped only once the new port is known to be free.
async function move(dataDir: string, url: string): Promise<void> {
  const port = portOf(url);
  if ((await probe(port, dataDir, WAIT.host.portMs)) !== "nobody") throw new UserError(portTaken(port));
  await stop(dataDir);
  reserveAddress(dataDir, port);
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function typed(props: Props): EmbeddedServerInputs {
  return props as unknown as EmbeddedServerInputs;
}
