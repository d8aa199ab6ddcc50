export { freePort } from "../../bench/syncs/postgresql.ts";
