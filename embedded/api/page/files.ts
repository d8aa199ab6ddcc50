import type { Context } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { notFound } from "../problems.ts";

const folder = new URL("../../page/", import.meta.url);

const types: Record<string, string> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** Nothing but this server's own files runs, is asked or is shown, and no page may hold this one in a frame. */
export const pageHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    connectSrc: ["'self'"],
    imgSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
  },
  xFrameOptions: "DENY",
  referrerPolicy: "no-referrer",
  // It is plain HTTP on the loopback.
  strictTransportSecurity: false,
});

/** One of the page's files; its name has no slash. They hold no data, so anybody may have them. */
export async function pageFile(c: Context, name: string): Promise<Response> {
  const text = await readFile(fileURLToPath(new URL(name, folder)), "utf8").catch(() => null);
  if (text === null) throw notFound("path", c.req.path);
  return c.body(text, 200, { "content-type": types[name.split(".").at(-1) ?? ""] ?? "text/plain" });
}
