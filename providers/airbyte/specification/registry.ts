import { request } from "undici";
import { z } from "zod";
import type { ActorKind } from "../api/airbyte-api.ts";
import { readNetworkError } from "../api/send.ts";
import type { Definition, JsonObject } from "../api/types.ts";
import { WAIT } from "../api/waits.ts";
import { UserError } from "../../../errors/user-error.ts";
import type { ConnectorSource } from "./connectors.ts";

/** Airbyte's public list of the connectors of Airbyte Cloud, specifications included. */
export const CLOUD_REGISTRY = "https://connectors.airbyte.com/files/registries/v0/cloud_registry.json";

const Entry = z.looseObject({
  sourceDefinitionId: z.string().optional(),
  destinationDefinitionId: z.string().optional(),
  name: z.string(),
  dockerRepository: z.string().nullish(),
  dockerImageTag: z.string().nullish(),
  spec: z.looseObject({ connectionSpecification: z.record(z.string(), z.any()).nullish() }).nullish(),
});
const Registry = z.looseObject({ sources: z.array(Entry), destinations: z.array(Entry) });

/**
 * The connectors of Airbyte Cloud, which doesn't promise the API that tells of them: read from the public registry,
 * once a process. Custom connectors are not in it, so for those nothing is checked.
 */
export class ConnectorRegistry implements ConnectorSource {
  readonly #url: string;
  #registry: Promise<z.infer<typeof Registry>> | undefined;

  constructor(url = CLOUD_REGISTRY) {
    this.#url = url;
  }

  async listDefinitions(kind: ActorKind): Promise<Definition[]> {
    return (await this.#entries(kind)).map(({ name, dockerRepository, dockerImageTag, ...ids }) => {
      return { id: ids[`${kind}DefinitionId`] ?? "", name, dockerRepository, dockerImageTag };
    });
  }

  async getSpecification(kind: ActorKind, definitionId: string): Promise<JsonObject | undefined> {
    const entry = (await this.#entries(kind)).find((candidate) => candidate[`${kind}DefinitionId`] === definitionId);
    return (entry?.spec?.connectionSpecification as JsonObject | undefined) ?? undefined;
  }

  async #entries(kind: ActorKind) {
    this.#registry ??= this.#read();
    this.#registry.catch(() => (this.#registry = undefined));
    return (await this.#registry)[`${kind}s`];
  }

  async #read() {
    const { statusCode, body } = await request(this.#url, { signal: AbortSignal.timeout(WAIT.call.registryMs) }).catch(
      (error: unknown) => {
        throw new UserError(`Airbyte's connector registry (${this.#url}): ${readNetworkError(error).message}`, {
          code: "registry",
        });
      },
    );
    const parsed = statusCode === 200 ? Registry.safeParse(await body.json().catch(() => undefined)) : undefined;
    if (parsed?.success) return parsed.data;
    throw new UserError(
      `Airbyte's connector registry (${this.#url}) answered ${statusCode} without a list of connectors.`,
      { code: "registry" },
    );
  }
}
