import { showValue } from "../../../../errors/zod-issues.ts";
import { text } from "../fields.ts";

// Quantities as Kubernetes reads them (apimachinery's resource.Quantity). Airbyte keeps any text, and the job's pod is refused.

const NUMBER = String.raw`(\d+\.?\d*|\.\d+)`;
const EXPONENT = String.raw`[eE][+-]?\d+`;

/** Parts of a processor: `0.5`, `500m`. */
export const cpu = text.regex(new RegExp(`^${NUMBER}([num]|${EXPONENT})?$`), {
  error: ({ input }) =>
    `expected processors as Kubernetes counts them, such as 0.5, 500m or 2; found ${showValue(input)}`,
});

/** Bytes: `512Mi`, `2Gi`, `2G`. Kubernetes takes `512m` too, for half a byte. */
export const bytes = text.regex(new RegExp(`^${NUMBER}([kMGTPE]|[KMGTPE]i|${EXPONENT})?$`), {
  error: ({ input }) => {
    const guess = meant(String(input));
    const hint = guess === undefined ? "" : `; did you mean "${guess}"?`;
    return `expected bytes as Kubernetes counts them, such as 512Mi or 2Gi; found ${showValue(input)}${hint}`;
  },
});

function meant(written: string): string | undefined {
  const [, number, unit = "", binary] = /^([\d.]+)\s*([kmgtpe])(i)?(?:b|bytes?)?$/i.exec(written.trim()) ?? [];
  if (number === undefined) return undefined;
  if (binary) return `${number}${unit.toUpperCase()}i`;
  return `${number}${unit.toLowerCase() === "k" ? "k" : unit.toUpperCase()}`;
}
