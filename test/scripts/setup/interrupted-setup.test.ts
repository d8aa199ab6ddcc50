import { expect, test } from "vitest";
import { Checkout } from "./checkout.ts";

// What Ctrl-C stops, the way there, and the program that is at work then.
const stages = [
  { stage: "the npm packages", slow: "npm", command: ["pulumi", "version"], given: {}, result: "v3.999.0" },
  {
    stage: "the fetching of Node",
    slow: "npm",
    command: ["pulumi", "version"],
    given: { node: "20.20.2" },
    result: "v3.999.0",
  },
  { stage: "the Go build", slow: "go", command: ["pulumi", "version"], given: { pulumi: false }, result: "v3.999.0" },
  { stage: "the connectors' installation", slow: "python3", command: ["up"], given: {}, result: "v3.999.0" },
  { stage: "the first up", slow: "pulumi", command: ["up"], given: {}, result: "v3.999.0" },
];

test.each(stages)(
  "Ctrl-C during $stage leaves nothing half made, and the same command goes on from there",
  async (one) => {
    const { slow, command, result } = one;
    const { node, pulumi }: { node?: string; pulumi?: boolean } = one.given;
    const checkout = new Checkout({ pulumi });
    if (node !== undefined) checkout.pretendNode(node);

    const stopped = await checkout.interrupted(slow, ...command);
    expect(stopped.stderr).toMatch(/Interrupted[^]*(?:r|R)un the same command again to go on/);
    expect(stopped.stdout).not.toContain(result);
    expect(stopped.code).toBe(130);
    expect(checkout.leftovers()).toEqual([]);

    const again = await checkout.run(...command);
    expect(again.stderr).not.toContain("Error");
    expect(again.stdout).toContain(result);
    expect(again.code).toBe(0);
  },
);
