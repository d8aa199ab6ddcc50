// What Pulumi starts: plain JavaScript, so that a Node which can't read TypeScript can still say so. The program is index.ts.
import "./scripts/check-node.cjs";

export default async () => ({ ...(await import("./index.ts")) });
