import type { Client } from "../../providers/airbyte/api/client.ts";
import type { Context } from "../../providers/airbyte/lifecycle/handler.ts";
import { Access } from "../../providers/access.ts";
import { Session } from "../../providers/airbyte/session.ts";
import { lookUp, type StackFacts } from "../stack-values.ts";
import type { StateResource } from "../state-resources.ts";

/** One of the two stacks. */
export interface Side {
  facts: StackFacts;
  target: string;
  resources: StateResource[];
}

/** Its Airbyte. */
export interface Opened extends Pick<Context, "api" | "connectors"> {
  client: Client;
}

/** Opens a stack's Airbyte with the stack's credentials; the embedded one is started where it stands still. */
export async function openAirbyte({ facts }: Side, airbyteUrl: string): Promise<Opened> {
  const session = new Session(new Access({ get: lookUp(facts) }));
  const inputs = { airbyteUrl, declaredAs: `${facts.stack}/move` };
  const { api, connectors } = await session.airbyte(inputs);
  return { api, connectors, client: await session.client(inputs) };
}
