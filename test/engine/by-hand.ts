/** How a server is reached. */
export interface Reached {
  url: string;
  clientId: string;
  clientSecret: string;
}

/** A call of Airbyte by somebody else than Pulumi. */
export type ByHand = <T = Record<string, unknown>>(method: string, path: string, body?: unknown) => Promise<T>;

/** Calls with a token of their own each time: the tokens of the test are none of what is tested. */
export function byHandAt({ url, clientId, clientSecret }: Reached): ByHand {
  return async <T>(method: string, path: string, body?: unknown) => {
    const json = { "content-type": "application/json" };
    const credentials = JSON.stringify({ client_id: clientId, client_secret: clientSecret });
    // `/oauth/token` is left alone by faults for the path that the provider asks.
    const answer = await fetch(`${url}/oauth/token`, { method: "POST", headers: json, body: credentials });
    const { access_token } = (await answer.json()) as { access_token: string };
    const response = await fetch(url + path, {
      method,
      headers: { ...json, authorization: `Bearer ${access_token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? {} : JSON.parse(text)) as T;
  };
}
