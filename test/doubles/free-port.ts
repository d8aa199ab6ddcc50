export { freePort } from "../../bench/syncs/warehouses.ts";
