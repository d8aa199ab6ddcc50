import { settings } from "../../../settings/settings.ts";
import { targetNames, type Setting } from "../../../settings/setting.ts";

/** Every setting of a stack, with the targets that take it, from the entries that the program checks with. */
export function settingsReference(): string {
  const rows = Object.entries<Setting>(settings).map(([key, { about, example, secret, in: taken }]) => {
    const what = [secret ? "a secret" : "", typeof example === "string" ? "" : "a map"].filter(Boolean).join(", ");
    const names = targetNames.filter((target) => target in taken);
    const where = names.length === targetNames.length ? "all" : names.join(", ");
    return `| \`${key}\`${what && ` (${what})`} | ${where} | ${about.replaceAll(/[*_|<]/g, "\\$&")} |`;
  });
  return ["| setting | targets | meaning |", "| --- | --- | --- |", ...rows].join("\n");
}
