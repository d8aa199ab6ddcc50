import { setTimeout as delay } from "node:timers/promises";
import { unexpected } from "../api/problems.ts";
import type { Catalog, Connector } from "../connectors/connector.ts";
import type { Faults } from "../faults.ts";
import type { JsonObject } from "../json.ts";
import type { Actor } from "../state.ts";

/** Finds out which streams a source has, and remembers it for as long as the configuration stays the same. */
export class Discovery {
  readonly #faults: Faults;
  readonly #catalogs = new Map<string, { configuration: string; catalog: Catalog }>();

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** What was found last, whatever the configuration has become since: Airbyte keeps it along with the connection. */
  async lastCatalogOf(source: Actor & { configuration: JsonObject }, connector: Connector): Promise<Catalog> {
    return this.#catalogs.get(source.id)?.catalog ?? (await this.catalogOf(source, connector));
  }

  async catalogOf(
    source: Actor & { configuration: JsonObject },
    connector: Connector,
    { ignoreCache = false } = {},
  ): Promise<Catalog> {
    const configuration = JSON.stringify(source.configuration);
    const cached = this.#catalogs.get(source.id);
    if (cached?.configuration === configuration && !ignoreCache) return cached.catalog;
    const { slowDiscoveryMs, discoverError } = this.#faults.settings;
    if (slowDiscoveryMs) await delay(slowDiscoveryMs);
    try {
      if (discoverError) throw new Error(discoverError);
      const catalog = await connector.discover(source.configuration);
      this.#catalogs.set(source.id, { configuration, catalog });
      return catalog;
    } catch (error) {
      throw unexpected(`Something went wrong in the connector. logs:${(error as Error).message}`);
    }
  }
}
