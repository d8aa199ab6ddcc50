// Secrets in texts: programs quote them as they are, escaped as in JSON or JavaScript, encoded for an address, and in base64.

/** Shorter texts occur everywhere: blanking them would spoil every text and hide nothing. */
const SHORTEST = 3;
/** Less than that of a secret's base64 stands in texts by chance. */
const SHORTEST_BASE64 = 6;
/** More than that of a text isn't shown: nobody reads it, and looking for secrets in all of it would take minutes. */
const LONGEST = 200_000;
/** So much further is looked for the end of a secret that begins before it. */
const FURTHER = 50_000;

/** What is looked for: a secret, or the part of its base64 that doesn't hang on what stands before and after it. */
interface Needle {
  text: string;
  /** In base64: whether the sign before it, or after it, holds a few bits of the secret too. */
  base64?: { before: boolean; after: boolean };
}

/** Secrets that are blanked out of texts: those of 3 characters or more. */
export class Quotations {
  readonly #secrets = new Set<string>();
  /** Most are never looked for: what that takes is made when it is needed. */
  #new: string[] = [];
  // By how they begin, so that a text is read once however many there are.
  readonly #plain = new Map<string, Needle[]>();
  readonly #base64 = new Map<string, Needle[]>();

  add(secret: string): void {
    if (secret.length < SHORTEST || this.#secrets.has(secret)) return;
    this.#secrets.add(secret);
    this.#new.push(secret);
  }

  /**
   * The text with the replacement for each quotation of a secret, also where several encodings are mixed or lie in each other. One of more
   * than 200,000 characters is cut off there (…).
   */
  blank(text: string, replacement: string): string {
    if (this.#secrets.size === 0) return text;
    this.#prepare();
    const found: Range[] = [];
    for (const reading of readingsOf(text.slice(0, LONGEST + FURTHER))) {
      find(this.#plain, reading.text, reading, found);
      find(this.#base64, reading.base64, reading, found);
    }
    found.sort((a, b) => a.start - b.start);
    let result = "";
    let end = 0;
    for (const range of found) {
      if (range.start >= LONGEST) break;
      // One that begins in another belongs to it, and may only prolong it.
      if (range.start >= end) result += text.slice(end, range.start) + replacement;
      end = Math.max(end, range.end);
    }
    if (text.length <= LONGEST) return result + text.slice(end);
    return `${result}${text.slice(end, LONGEST)}…`;
  }

  #prepare(): void {
    for (const needle of this.#new.flatMap(needlesOf)) {
      const needles = needle.base64 ? this.#base64 : this.#plain;
      const beginning = needle.text.slice(0, SHORTEST);
      const alike = needles.get(beginning);
      if (alike) alike.push(needle);
      else needles.set(beginning, [needle]);
    }
    this.#new = [];
  }
}

/**
 * By what a secret is found in a text. Its base64 depends on how many bytes are before it, as in `user:SECRET` of Basic
 * authentication, so there are three; and it may have been encoded otherwise before.
 */
function needlesOf(secret: string): Needle[] {
  const wellFormed = Buffer.from(secret).toString();
  const address = encodeURIComponent(wellFormed);
  const forms = new Set([secret, JSON.stringify(secret).slice(1, -1), address, address.replaceAll("%20", "+")]);
  const bytes = [...forms].map((form) => Buffer.from(form));
  if (/[\x80-\xff]/.test(secret) && !/[^\0-\xff]/.test(secret)) bytes.push(Buffer.from(secret, "latin1"));
  const encoded = bytes.flatMap((each) => [0, 1, 2].map((before) => base64Of(each, before)));
  // As Python shows bytes: each byte of its UTF-8 by itself.
  const byBytes = Buffer.from(secret).toString("latin1");
  const plain = byBytes === secret ? [secret] : [secret, byBytes];
  return [...plain.map((text) => ({ text })), ...encoded.filter(({ text }) => text.length >= SHORTEST_BASE64)];
}

function base64Of(bytes: Buffer, before: number): Needle {
  const all = Buffer.concat([Buffer.alloc(before), bytes]);
  const text = all.toString("base64").slice(Math.ceil((before * 8) / 6), Math.floor((all.length * 8) / 6));
  return { text, base64: { before: before > 0, after: all.length % 3 > 0 } };
}

interface Range {
  start: number;
  end: number;
}

/** A text as it is once an encoding is undone, with each sign's place in the original; undefined: the same one. */
interface Reading {
  text: string;
  base64: string;
  starts?: Uint32Array;
  ends?: Uint32Array;
}

function find(needles: ReadonlyMap<string, Needle[]>, inside: string, reading: Reading, found: Range[]): void {
  for (let at = 0; at <= inside.length - SHORTEST; at++) {
    for (const needle of needles.get(inside.slice(at, at + SHORTEST)) ?? []) {
      if (inside.startsWith(needle.text, at)) found.push(rangeOf(needle, at, inside, reading));
    }
  }
}

function rangeOf({ text, base64 }: Needle, at: number, inside: string, reading: Reading): Range {
  let [first, last] = [at, at + text.length - 1];
  if (base64?.before && isBase64(inside[first - 1])) first--;
  if (base64?.after && isBase64(inside[last + 1])) last++;
  if (base64) while (inside[last + 1] === "=") last++;
  return { start: startOf(reading, first), end: endOf(reading, last) };
}

function isBase64(sign: string | undefined): boolean {
  return sign !== undefined && /[A-Za-z0-9+/]/.test(sign);
}

function startOf({ starts }: Reading, index: number): number {
  return starts?.[index] ?? index;
}

function endOf({ ends }: Reading, index: number): number {
  return ends?.[index] ?? index + 1;
}

interface Encoding {
  /** Whether a text can have any of it: most have none, and are read once. */
  sign: string;
  /** What stands for something else, which is never longer. */
  code: RegExp;
  meaning: (code: string) => string;
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", v: "\v", 0: "\0" };

function signOf(point: number): string {
  return point <= 0x10ffff ? String.fromCodePoint(point) : "";
}

const ENCODINGS: readonly Encoding[] = [
  {
    // JSON's, JavaScript's and Python's.
    sign: "\\",
    code: /\\(?:u\{[\da-fA-F]{1,6}\}|U[\da-fA-F]{8}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|[^])/g,
    meaning: (code) => {
      if (code.length > 2) return signOf(parseInt(code.replace(/^..\{?/, ""), 16));
      return ESCAPES[code.charAt(1)] ?? code.slice(1);
    },
  },
  {
    // An address: a sign in UTF-8, or what is none as a byte.
    sign: "%",
    code: /%[0-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-7](?:%[89ab][\da-f]){3}|%[89a-f][\da-f]/gi,
    meaning: (code) => {
      const bytes = Buffer.from(code.replaceAll("%", ""), "hex");
      return bytes.toString(bytes.length === 1 ? "latin1" : "utf8");
    },
  },
  {
    // HTML and XML.
    sign: "&",
    code: /&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});/gi,
    meaning: (code) => {
      const [, isHex, digits] = /^&#(x?)([\da-f]+)/i.exec(code) ?? [];
      if (digits === undefined) return ENTITIES[code.slice(1, -1).toLowerCase()] ?? code;
      return signOf(parseInt(digits, isHex ? 16 : 10));
    },
  },
  // A form.
  { sign: "+", code: /\+/g, meaning: () => " " },
  // Lines of base64.
  { sign: "\n", code: /\r?\n[ \t]*/g, meaning: () => "" },
];

/** So many encodings may lie in each other: an address in JSON in JSON. */
const DEEPEST = 3;

/** The text itself, then with what encodings it may have undone; each once. */
function* readingsOf(text: string): Generator<Reading> {
  const seen = new Set<string>();
  function* from(reading: Reading, depth: number): Generator<Reading> {
    if (seen.has(reading.text)) return;
    seen.add(reading.text);
    yield reading;
    if (depth === DEEPEST) return;
    for (const encoding of ENCODINGS) {
      if (reading.text.includes(encoding.sign)) yield* from(decoded(reading, encoding), depth + 1);
    }
  }
  yield* from(readingOf(text), 0);
}

function readingOf(text: string): Reading {
  return { text, base64: text.replaceAll("-", "+").replaceAll("_", "/") };
}

function decoded(encoded: Reading, { code, meaning }: Encoding): Reading {
  const starts = new Uint32Array(encoded.text.length);
  const ends = new Uint32Array(encoded.text.length);
  let text = "";
  const put = (meant: string, from: number, to: number) => {
    starts.fill(startOf(encoded, from), text.length, text.length + meant.length);
    ends.fill(endOf(encoded, to - 1), text.length, text.length + meant.length);
    text += meant;
  };
  let done = 0;
  const copyTo = (end: number) => {
    const offset = text.length - done;
    for (; done < end; done++) {
      starts[done + offset] = startOf(encoded, done);
      ends[done + offset] = endOf(encoded, done);
      text += encoded.text.charAt(done);
    }
  };
  for (const { 0: found, index } of encoded.text.matchAll(code)) {
    copyTo(index);
    done += found.length;
    put(meaning(found), index, done);
  }
  copyTo(encoded.text.length);
  return { ...readingOf(text), starts, ends };
}
