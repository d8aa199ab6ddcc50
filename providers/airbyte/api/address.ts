import { UserError } from "../../../errors/user-error.ts";
import { parseAddress } from "../../../settings/values.ts";

const CLOUD_HOST = "api.airbyte.com";

/**
 * The root of Airbyte's public API for whatever form of address a person has at hand: Airbyte Cloud serves it under
 * `/v1`, a self-managed server under `/api/public/v1` of the address of its UI.
 *
 * @param address a bare host (`airbyte.example.com`, `localhost:8000`), the address of the UI, or an API root.
 * @returns an absolute URL without a final slash, e.g. `https://airbyte.example.com/api/public/v1`.
 * @throws UserError when the address is no http(s) URL, or carries credentials or a query.
 */
export function publicApiRoot(address: string): string {
  const url = demandAddress(address);
  const path = url.pathname.replace(/\/+$/, "");
  if (url.hostname === CLOUD_HOST) return `${url.origin}/v1`;
  if (path.endsWith("/api/public/v1")) return url.origin + path;
  const prefix = path.replace(/\/(api\/)?v1$/, "").replace(/\/api(\/public)?$/, "");
  return `${url.origin}${prefix}/api/public/v1`;
}

/**
 * The root of the older config API beside a public API root: on a self-managed server `/api/v1`, which may itself be the
 * only root; Airbyte Cloud promises none.
 */
export function configApiRoot(publicRoot: string): string | undefined {
  if (publicRoot.endsWith("/api/v1")) return publicRoot;
  if (!publicRoot.endsWith("/api/public/v1")) return undefined;
  return publicRoot.replace(/\/public\/v1$/, "/v1");
}

function demandAddress(address: string): URL {
  const url = parseAddress(address);
  if (!url)
    throw new UserError(`${JSON.stringify(address)} is not an address: expected a host or an http(s) URL of Airbyte.`);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new UserError(`${JSON.stringify(address)}: Airbyte is reached by http or https, not ${url.protocol}`);
  }
  if (url.username || url.password || url.search) {
    throw new UserError(
      "The address of Airbyte must hold neither credentials nor a query: set clientId and clientSecret.",
    );
  }
  return url;
}
