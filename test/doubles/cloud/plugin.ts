import { createRequire } from "node:module";
import { main } from "@pulumi/pulumi/provider/index.js";

export type Props = Record<string, unknown>;

/** One type of resource of a cloud. */
export interface Type {
  /** Inputs whose change replaces the resource. @default all */
  replacedBy?: string[];
  deleteBeforeReplace?: boolean;
  create(inputs: Props): Promise<{ id: string; outs?: Props }>;
  /** Whether it is still there. @default yes */
  exists?(id: string, state: Props): Promise<boolean>;
  delete(id: string, state: Props): Promise<void>;
}

const SECRET = "4dabf18193072939515e22adb298388d";

/** Secrets arrive in an envelope. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const map = value as Props;
  if (map[SECRET] !== undefined) return plain(map.value);
  return Object.fromEntries(Object.entries(map).map(([key, inner]) => [key, plain(inner)]));
}

/** The provider's own settings: the SDK's plugin server keeps them to itself, so they are read on their way in. */
export const settings: Props = {};
const require = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
interface Call {
  request: { getArgs(): { toJavaScript(): Props } | undefined };
}
const { Server } = require("@grpc/grpc-js") as { Server: { prototype: { addService: (...args: never[]) => unknown } } };
const addService = Server.prototype.addService as (service: unknown, calls: { configure?: unknown }) => unknown;
Server.prototype.addService = function (this: unknown, service: unknown, calls: { configure?: unknown }) {
  const configure = calls.configure as ((call: Call, answer: unknown) => void) | undefined;
  if (configure) {
    calls.configure = (call: Call, answer: unknown) => {
      Object.assign(settings, plain(call.request.getArgs()?.toJavaScript() ?? {}));
      configure.call(calls, call, answer);
    };
  }
  return addService.call(this, service, calls);
};

/** Serves these types to the Pulumi engine in place of a cloud's own plugin. */
export function serve(
  version: string,
  types: Record<string, Type>,
  invoke?: (token: string, inputs: Props) => Promise<Props>,
) {
  const typeOf = (urn: string) => {
    const name = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const type = types[name];
    if (!type) throw new Error(`the double knows no ${name}`);
    return type;
  };
  const provider = {
    version,
    check: (_urn: string, _olds: Props, news: Props) => Promise.resolve({ inputs: news }),
    diff(_id: string, urn: string, olds: Props, news: Props) {
      const type = typeOf(urn);
      const changed = Object.keys(news).filter(
        (key) => JSON.stringify(plain(news[key])) !== JSON.stringify(plain(olds[key])),
      );
      const replaces = changed.filter((key) => type.replacedBy?.includes(key) ?? true);
      return Promise.resolve({
        changes: changed.length > 0,
        replaces,
        deleteBeforeReplace: type.deleteBeforeReplace ?? false,
      });
    },
    async create(urn: string, inputs: Props) {
      const { id, outs } = await typeOf(urn).create(plain(inputs) as Props);
      return { id, outs: { ...inputs, ...outs } };
    },
    async read(id: string, urn: string, state: Props) {
      const there = (await typeOf(urn).exists?.(id, plain(state) as Props)) ?? true;
      return there ? { id, props: state } : { id: "", props: {} };
    },
    update: (_id: string, _urn: string, olds: Props, news: Props) => Promise.resolve({ outs: { ...olds, ...news } }),
    delete: (id: string, urn: string, state: Props) => typeOf(urn).delete(id, plain(state) as Props),
    invoke: async (token: string, inputs: Props) => ({ outputs: await invoke?.(token, inputs) }),
  };
  return main(provider, process.argv.slice(2));
}
