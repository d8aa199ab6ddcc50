// Types that those of the resource classes are made of. Apart from what describes answers, because that takes zod: a program of the
// user's own would have to load and check all of zod's types for these few.

/** Airbyte calls sources and destinations alike actors. */
export type ActorKind = "source" | "destination";

/** JSON as Airbyte's configurations are made of. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, Json>;
