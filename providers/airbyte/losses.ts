import * as pulumi from "@pulumi/pulumi";

// A preview calls no provider for what is deleted, so the program itself says what is lost by that: the engine tells it what the state
// holds, and it knows what it declares.

/** What a state or a program has of a connection. */
export interface KnownConnection {
  urn: string;
  name: string;
  sourceId: unknown;
  destinationId: unknown;
}

/** One that the program declares, with the names that it had before. */
export interface DeclaredConnection extends KnownConnection {
  before: string[];
}

interface Noted {
  name: string;
  inputs: pulumi.Inputs;
  options: pulumi.CustomResourceOptions;
}

const CONNECTION = "pulumi-nodejs:dynamic/airbyte:Connection";
/** More of them nobody reads. */
const MOST = 10;

/** The connections of each stack that this process declares; Pulumi's Automation API can run several programs in one. */
const noted = new WeakMap<object, Noted[]>();

/** Says, once all is declared, which connections of the state are no more. Nothing is said under Pulumi's mocks. */
export function watchLosses(): Noted[] {
  const stack = pulumi.runtime.getStackResource();
  const known = stack && noted.get(stack);
  if (!stack || known) return known ?? [];
  const connections: Noted[] = [];
  noted.set(stack, connections);
  void tellLosses(stack.outputs, connections);
  return connections;
}

/** Notes what a program declares. */
export function noteDeclared(
  kind: string,
  name: string,
  inputs: pulumi.Inputs,
  options: pulumi.CustomResourceOptions,
): void {
  const connections = watchLosses();
  if (kind === "connection" && options.id === undefined) connections.push({ name, inputs, options });
}

async function tellLosses(outputs: pulumi.Output<unknown>, connections: readonly Noted[]): Promise<void> {
  const done = pulumi.runtime.rpcKeepAlive();
  try {
    const before = await inState();
    if (before.length === 0) return;
    await whole(outputs);
    const now = await Promise.all(connections.map(settled));
    for (const line of losses(before, now)) await pulumi.log.warn(line);
  } catch {
    // An engine that can't be asked: then a preview shows the deletion alone.
  } finally {
    done();
  }
}

/** An apply isn't called in a preview of what has outputs that only an up will know; the promise behind it is kept all the same. */
function whole(outputs: pulumi.Output<unknown>): Promise<unknown> {
  return (outputs as unknown as { promise(): Promise<unknown> }).promise();
}

async function inState(): Promise<KnownConnection[]> {
  const stackName = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].filter(Boolean).join("/");
  const answer = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName })) as {
    outputs: Record<string, { type: string; outputs: Partial<KnownConnection> & { lookedUp?: boolean } }>;
  };
  return Object.entries(answer.outputs).flatMap(([urn, { type, outputs }]) => {
    if (type !== CONNECTION || outputs.lookedUp) return [];
    const { sourceId, destinationId } = outputs;
    return [{ urn, name: nameIn(urn), sourceId, destinationId }];
  });
}

async function settled({ name, inputs, options }: Noted): Promise<DeclaredConnection> {
  const { sourceId, destinationId, declaredBefore = [] } = inputs;
  const urn = pulumi.createUrn(name, CONNECTION, options.parent);
  const { all } = await pulumi.runtime.serializeProperties("connections", {
    all: [urn, sourceId, destinationId, declaredBefore],
  });
  const [found, source, destination, before] = all as [string, string, string, string[]];
  const names = Array.isArray(before) ? before.map((one) => one.slice(one.indexOf("/") + 1)) : [];
  return { urn: found, name, sourceId: source, destinationId: destination, before: names };
}

/** What is lost by deletions, and how to keep it, in sentences. */
export function losses(before: readonly KnownConnection[], now: readonly DeclaredConnection[]): string[] {
  const urns = new Set(now.map(({ urn }) => urn));
  const earlier = new Set(now.flatMap((one) => one.before));
  const known = new Set(before.map(({ urn }) => urn));
  const deleted = before.filter(({ urn, name }) => !urns.has(urn) && !earlier.has(name));
  const names = new Set(deleted.map(({ name }) => name));
  const made = now.filter(
    (one) => !known.has(one.urn) && !one.before.some((name) => known.has(sibling(one.urn, name))),
  );
  const lines = deleted.map((gone) => {
    const same = made.find(
      ({ sourceId, destinationId }) => sourceId === gone.sourceId && destinationId === gone.destinationId,
    );
    if (same) made.splice(made.indexOf(same), 1);
    return same && !names.has(same.name) ? renamed(gone.name, same.name) : lost(gone.name);
  });
  const more = lines.length - MOST;
  return more > 0
    ? [...lines.slice(0, MOST), `${more} more connections are deleted, and their sync state is lost.`]
    : lines;
}

function lost(name: string): string {
  return (
    `connection "${name}" is deleted, and its sync state is lost: made anew, it reads everything again. What is in the destination stays. ` +
    `To keep it, leave its entry (status: inactive pauses it), or give the one that takes its place renamedFrom: ${name}. protect: true refuses a deletion.`
  );
}

function renamed(old: string, name: string): string {
  return (
    `connection "${old}" is deleted and "${name}" made between the same ends, so its sync state is lost: the next sync reads everything again. ` +
    `What is in the destination stays. To rename it and keep that: renamedFrom: ${old} (in a program, aliases: [{ name: "${old}" }]).`
  );
}

function sibling(urn: string, name: string): string {
  return [...urn.split("::").slice(0, 3), name].join("::");
}

function nameIn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
