import { send, type Running } from "../../start.ts";

type Server = Pick<Running, "url" | "token">;

export interface Session {
  /** As the browser sends it. */
  cookie: string;
  key: string;
}

/** A link as `npm run open` prints it. */
export async function pageLink({ url, token }: Server): Promise<string> {
  const link = await send("POST", `${url}/api/embedded/page-links`, token);
  return (link.body as { url: string }).url;
}

export function exchange({ url }: Pick<Running, "url">, link: string, origin: string | null = url): Promise<Response> {
  return fetch(`${url}/page/session`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(origin === null ? {} : { origin }) },
    body: JSON.stringify({ code: link.split("#open=")[1] }),
  });
}

export async function openSession(server: Server): Promise<Session> {
  const response = await exchange(server, await pageLink(server));
  const { key } = (await response.json()) as { key: string };
  return { cookie: response.headers.getSetCookie()[0]?.split(";")[0] ?? "", key };
}

/** What the page asks, with as much of a session as is given. */
export function ask(
  { url }: Pick<Running, "url">,
  { cookie, key }: Partial<Session>,
  path: string,
  { method = "GET", origin = method === "GET" ? null : url }: { method?: string; origin?: string | null } = {},
): Promise<Response> {
  return fetch(`${url}/page/${path}`, {
    method,
    headers: {
      ...(cookie === undefined ? {} : { cookie }),
      ...(key === undefined ? {} : { "x-page-key": key }),
      ...(origin === null ? {} : { origin }),
    },
  });
}
