import type { ExistingSettings } from "../config.ts";
import type { Target } from "./target.ts";

/** An Airbyte that is there already: Airbyte Cloud, or any server whose address and application are known. */
export function existing({ url }: ExistingSettings): Target {
  return { airbyte: { url }, outputs: { openUi: `open ${url}` } };
}
