import { Document, isMap, isPair, isSeq, Scalar, YAMLMap } from "yaml";
import { singular } from "../../../providers/airbyte/kinds/names.ts";
import { parseReferences } from "../../../declaration/references.ts";
import { mapStrings } from "../../../declaration/walk.ts";
import { mapSecrets, ORDER, type Declared, type Entry, type LeftOut, type Secret } from "./model.ts";

/** How an entry is written while the stack doesn't have it yet, and how for good. */
export interface Form {
  /** By `adopt: ID` the next `up` takes it over, whatever has become of the state. */
  adopt: boolean;
  /** What stands for a secret that Airbyte alone knows: its own, or the stack's. */
  unknownSecrets: "stored" | "asked";
}

/** A file of pipelines. */
export function yamlOf({ entries, leftOut }: Declared, { form, head }: { form: Form; head: string }): string {
  const document = new Document({}, { version: "1.2" });
  for (const kind of ORDER) {
    const own = entries.filter((entry) => entry.kind === kind);
    if (own.length === 0) continue;
    const section = new YAMLMap(document.schema);
    for (const entry of own) section.add({ key: keyOf(entry), value: valueOf(document, settingsOf(entry, form)) });
    document.set(kind, section);
  }
  if (entries.length === 0) document.set("sources", document.createNode({}));
  const text = document.toString({ lineWidth: 0 });
  return `${head}\n${spaced(text)}${leftOut.length > 0 ? `\n${leftOutInWords(leftOut)}\n` : ""}`;
}

function settingsOf({ id, settings }: Entry, form: Form): Record<string, unknown> {
  const escaped = mapStrings(settings, [], escape) as Record<string, unknown>;
  const written = mapSecrets(escaped, (secret) => reference(secret, form)) as Record<string, unknown>;
  return { ...(form.adopt ? { adopt: id } : {}), ...written };
}

/** What stands for a secret in a file. */
export function reference({ name, value }: Secret, { unknownSecrets }: Pick<Form, "unknownSecrets">): string {
  return value === undefined && unknownSecrets === "stored" ? "${stored}" : `\${secret:${name}}`;
}

/** Text that means itself: what looks like a reference is written as none. */
function escape(text: string): string {
  const mistakes: string[] = [];
  const parts = parseReferences(text, (mistake) => mistakes.push(mistake));
  const plain = parts.map((part) => ("text" in part ? part.text : undefined)).join("");
  const meansItself = mistakes.length === 0 && parts.every((part) => "text" in part) && plain === text;
  return meansItself && !text.includes("${stored}") ? text : text.replaceAll("${", () => "$${");
}

function keyOf({ name, notes }: Entry): Scalar {
  const key = new Scalar(name);
  if (notes.length > 0) key.commentBefore = notes.map((note) => ` ${inOneComment(note)}`).join("\n");
  return key;
}

/** Settings as a node, short lists and maps on one line. */
function valueOf(document: Document, settings: Record<string, unknown>): unknown {
  const value = document.createNode(settings);
  if (!isMap(value)) return value;
  for (const key of ["streams", "streamDefaults", "schedule", "tags"]) onOneLineWhereShort(value.get(key, true));
  return value;
}

function onOneLineWhereShort(node: unknown): void {
  if (!isMap(node) && !isSeq(node)) return;
  if (isShort(node.toJSON()) && !(isSeq(node) && node.items.some(isMap))) node.flow = true;
  else for (const item of node.items) onOneLineWhereShort(isPair(item) ? item.value : item);
}

function isShort(value: unknown): boolean {
  return JSON.stringify(value).length <= 120;
}

/** Kinds, and entries of several lines, stand apart. */
function spaced(text: string): string {
  return text.replaceAll(/\n(?=[A-Za-z]+:)/g, "\n\n");
}

function leftOutInWords(leftOut: readonly LeftOut[]): string {
  const lines = leftOut.map(({ kind, id, display, why }) =>
    inOneComment(`#   ${singular(kind)} ${JSON.stringify(display)} (${id}): ${why}`),
  );
  return ["# Not taken over, and left alone:", ...lines].join("\n");
}

/** Text of others in a comment: whatever ends a line would end the comment, U+2028 in TypeScript too. */
export function inOneComment(text: string): string {
  return text.replaceAll(/[\n\v\f\r\u0085\u2028\u2029]+\s*/g, " ");
}
