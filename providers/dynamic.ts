import type * as pulumi from "@pulumi/pulumi";
import { pathsWhere } from "./airbyte/lifecycle/canonical.ts";
import { HalfCreatedError } from "./airbyte/lifecycle/handler.ts";
import { airbyteKinds } from "./airbyte/kinds/handlers.ts";
import { isUserError, UserError } from "../errors/user-error.ts";
import { Access } from "./access.ts";
import { Session } from "./airbyte/session.ts";
import { dockerHostHandler } from "./host/docker-host.ts";
import { embeddedServerHandler } from "./host/embedded-server.ts";
import { installationHandler } from "./host/installation.ts";
import { showNow } from "./this-run.ts";
import type { Props, ResourceHandler } from "./resource-handler.ts";
import { ECHO, quietConsole } from "./quiet-console.ts";
import { readinessHandler } from "./host/readiness.ts";
import { serverCertificateHandler } from "./host/server-certificate.ts";
import { TAKE_OVER, takingOver } from "./take-over.ts";

const HANDLERS: Record<string, ResourceHandler> = {
  ...airbyteKinds,
  "embedded-server": embeddedServerHandler,
  "server-certificate": serverCertificateHandler,
  "docker-host": dockerHostHandler,
  readiness: readinessHandler,
  installation: installationHandler,
};

let session: Session | undefined;

/** What a process whose engine is gone has still to do (engine-watch.cjs). */
export function finish(): Promise<void> | undefined {
  return session?.inFlight.close();
}

/** What Pulumi's dynamic provider calls, for one kind of resource. */
export function dynamicProvider(name: string): pulumi.dynamic.ResourceProvider {
  quietConsole(console);
  const known = HANDLERS[name];
  if (!known)
    throw selfExplaining(
      new UserError(
        `This version of Airbyte on Pulumi knows no resource of the kind "${name}": a newer one made it, and nothing is done to it here.`,
        { next: `bring the project up to date (git pull, or the newer package) and run the same command again.` },
      ),
    );
  const handler = process.env[TAKE_OVER] === undefined ? known : takingOver(name, known);
  // `configure` is called before anything else, once per kind, always with the configuration of the one stack.
  const current = () => (session ??= new Session(new Access({ get: () => undefined }), showNow));

  return {
    configure: (request) => {
      session ??= new Session(new Access(request.config), showNow);
      return Promise.resolve();
    },
    ...calls(handler, current),
  };
}

/** Pulumi's calls of a handler: all that goes in and out between the engine and it passes here. */
export function calls(
  handler: ResourceHandler,
  current: () => Session,
): Required<Omit<pulumi.dynamic.ResourceProvider, "configure">> {
  // Whatever a call is given may be quoted by what it says, and an update may quote what was there before.
  const keeping = (...given: (Props | undefined)[]) => {
    for (const props of given) current().keepSecrets(props ?? {});
    return current;
  };
  return {
    check: (olds: Props | undefined, news: Props) =>
      tidy(keeping(olds, news), async () => {
        const odd = pathsWhere(news, (leaf) => typeof leaf === "number" && !Number.isFinite(leaf));
        if (odd.length > 0) return { inputs: news, failures: odd.map(noNumber) };
        const { mistakes, inputs } = await handler.check(declared(olds ?? {}), declared(news), current());
        // No `property`: Pulumi would print its value, which may be a secret.
        const failures = mistakes.map((reason) => ({ property: "", reason: current().shown(reason) }));
        return { inputs: plain(inputs ?? news), failures };
      }),
    diff: (id, olds: Props, news: Props) =>
      tidy(keeping(olds, news), async () => {
        const difference = await handler.diff(id, declared(olds), declared(news), current());
        // An update, even of nothing, writes into the state which code it belongs to (see without-code.ts), and tries again what failed.
        const isWhole = typeof olds.__provider === "string" && olds.__unfinished === undefined;
        return isWhole ? difference : { ...difference, changes: true };
      }),
    create: (inputs: Props) =>
      halfCreated(inputs, keeping(inputs), async () => {
        const { id, outs } = await handler.create(declared(inputs), current());
        return { id, outs: plain(outs) };
      }),
    read: (id, state: Props) =>
      tidy(keeping(state), async () => {
        const seen = await handler.read(id, declared(state), current());
        if (!seen) return {};
        const { __unfinished } = state;
        // Inputs as well as outputs: so a preview after a refresh shows a drift field by field.
        return { id, props: plain({ ...seen.outs, __unfinished }), inputs: plain(seen.inputs) };
      }),
    update: (id, olds: Props, news: Props) =>
      halfCreated(news, keeping(olds, news), async () => ({
        outs: plain(await handler.update(id, declared(olds), declared(news), current())),
      })),
    delete: (id, state: Props) => tidy(keeping(state), () => handler.delete(id, declared(state), current())),
  };
}

// JSON would make null of it without a word.
function noNumber(path: string): { property: string; reason: string } {
  return { property: "", reason: `${path}: NaN and Infinity are no numbers that JSON knows; give a number, or text` };
}

// The text in `__provider` is how Pulumi finds this code, `__unfinished` a note of `halfCreated`; neither is about the resource.
function declared(props: Props): Props {
  return Object.fromEntries(Object.entries(props).filter(([key]) => key !== "__provider" && key !== "__unfinished"));
}

/**
 * What the engine is given must be what its protocol can carry: a value that is `undefined`, a function or an instance of a class, at any
 * depth, ends the whole command in "Unexpected struct type". So everything leaves as the JSON that it is.
 */
function plain<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/**
 * What failed after it was made leaves its state with the error, as it is: there Pulumi doesn't add which code it belongs to. It would try
 * again what failed at the next `up`, but a refresh makes it forget that; so the state itself says so.
 */
function halfCreated<T>({ __provider }: Props, current: () => Session, call: () => Promise<T>): Promise<T> {
  return tidy(current, async () => {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof HalfCreatedError)) throw error;
      const properties = plain({ ...error.properties, __provider, __unfinished: true });
      throw new HalfCreatedError(error.id, properties, current().shown(error.message));
    }
  });
}

// Pulumi prints `${error}: ${error.stack}` of what check, diff, read and delete throw, and the message again with the
// resource. A message that explains itself is enough, once (its line is left out); anything else is a mistake of ours and keeps its
// stack.
async function tidy<T>(current: () => Session, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error) {
      error.message = current().shown(error.message);
      if (error.stack !== undefined) error.stack = current().shown(error.stack); // holds the message as it was
    }
    if (!isUserError(error)) throw error;
    throw selfExplaining(error);
  }
}

function selfExplaining(error: Error): Error {
  return Object.assign(error, { stack: ECHO, toString: () => "error" });
}
