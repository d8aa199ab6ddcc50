import type { AirbyteApi } from "../api/airbyte-api.ts";
import type { DiscoveredStream } from "../api/types.ts";
import { UNKNOWN } from "./canonical.ts";

/** What sources offer, asked for once a process: a discovery makes Airbyte run the connector, and may take minutes. */
export class Discovery {
  readonly #api: Pick<AirbyteApi, "discoverStreams">;
  readonly #found = new Map<string, Promise<DiscoveredStream[]>>();
  readonly #fresh = new Set<string>();

  constructor(api: Pick<AirbyteApi, "discoverStreams">) {
    this.#api = api;
  }

  /** @param destinationId where it is not known yet, the streams come without possible sync modes. */
  streams(sourceId: string, destinationId: string): Promise<DiscoveredStream[]> {
    return this.#discover(sourceId, destinationId, false);
  }

  /** What the source offers now, whatever Airbyte remembers of an earlier discovery. */
  afresh(sourceId: string, destinationId: string): Promise<DiscoveredStream[]> {
    return this.#discover(sourceId, destinationId, true);
  }

  #discover(sourceId: string, destinationId: string, afresh: boolean): Promise<DiscoveredStream[]> {
    const key = `${sourceId} ${destinationId}`;
    const known = this.#found.get(key);
    // Airbyte remembers what a source offers for all its connections, so one fresh look at it is enough.
    const again = afresh && !this.#fresh.has(sourceId);
    if (known && !again) return known;
    if (afresh) this.#fresh.add(sourceId);
    const found = this.#api.discoverStreams(sourceId, destinationId === UNKNOWN ? undefined : destinationId, again);
    this.#found.set(key, found);
    found.catch(() => {
      this.#found.delete(key);
      this.#fresh.delete(sourceId);
    });
    return found;
  }
}
