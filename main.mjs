// What Pulumi starts: plain JavaScript, so that a Node which can't read TypeScript can still say so. The program is index.ts.
import "./scripts/setup/check-node.cjs";

// Pulumi's loader looks up every line of every stack trace in source maps, and its SDK takes a trace for each promise of each resource:
// that was a fifth of all processor time of a preview. Node strips types in place, so its own traces have the same lines.
Error.prepareStackTrace = undefined;

export default async () => ({ ...(await import("./index.ts")) });
