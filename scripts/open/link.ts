import { z } from "zod";
import { callEmbedded } from "../embedded-call.ts";

const Link = z.object({ url: z.string(), expiresInSeconds: z.number() });

/** A link that opens the page of the stack's embedded Airbyte once; undefined where the stack has none. */
export function pageLink(stackFolder: string): Promise<z.infer<typeof Link> | undefined> {
  return callEmbedded(stackFolder, { method: "POST", path: "/page-links", doing: "ask for a link", schema: Link });
}
