import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskingOf } from "../../embedded/connectors/secrets.ts";
import { Redactor } from "../../providers/airbyte/api/redact.ts";
import { Quotations } from "../../specification/quotations.ts";

const unicode = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
const json = (text: string) => JSON.stringify(text).slice(1, -1);
const ascii = (text: string) => json(text).replace(/[^ -~]/g, unicode);
const address = encodeURIComponent;
const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const html = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign]!);
const base64 = (text: string) => Buffer.from(text).toString("base64");

const quotations: Record<string, (secret: string) => string> = {
  "as it is": (secret) => secret,
  JSON: json,
  "JSON in JSON": (secret) => json(json(secret)),
  "JSON in ASCII": ascii,
  "JSON with \\/": (secret) => json(secret).replaceAll("/", "\\/"),
  "JSON for HTML": (secret) =>
    json(secret).replace(/[<>&='+]/g, (sign) => unicode(sign).toUpperCase().replace("U", "u")),
  "every sign escaped": (secret) => secret.replace(/[^]/g, unicode),
  "an address": address,
  "an address in small letters": (secret) => address(secret).replace(/%../g, (code) => code.toLowerCase()),
  "an address as RFC 3986 has it": (secret) =>
    address(secret).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`),
  "an address with slashes": (secret) => address(secret).replaceAll("%2F", "/"),
  "a form": (secret) => new URLSearchParams([["", secret]]).toString().slice(1),
  "a form in JSON": (secret) => ascii(new URLSearchParams([["", secret]]).toString().slice(1)),
  "JSON in an address": (secret) => address(json(secret)),
  base64,
  "base64 without padding": (secret) => base64(secret).replaceAll("=", ""),
  "base64 for addresses": (secret) => Buffer.from(secret).toString("base64url"),
  "base64 for addresses, padded": (secret) => base64(secret).replaceAll("+", "-").replaceAll("/", "_"),
  "base64 in an address": (secret) => address(base64(secret)),
  "base64 in JSON": (secret) => base64(secret).replaceAll("/", "\\/").replaceAll("=", "\\u003d"),
  "base64 in lines": (secret) => base64(secret).replace(/.{7}(?=.)/g, "$&\r\n "),
  HTML: (secret) => html(secret),
  "XML in JSON": (secret) => json(html(secret).replaceAll("&#39;", "&apos;")),
  "HTML by numbers": (secret) => Array.from(secret, (sign) => `&#x${sign.codePointAt(0)!.toString(16)};`).join(""),
  "Python's ascii": (secret) =>
    json(secret).replace(/[^ -~]/gu, (sign) =>
      sign.length > 1 ? `\\U${sign.codePointAt(0)!.toString(16).padStart(8, "0")}` : unicode(sign),
    ),
  "JavaScript's \\u{…}": (secret) => Array.from(secret, (sign) => `\\u{${sign.codePointAt(0)!.toString(16)}}`).join(""),
  "Python's bytes": (secret) =>
    Array.from(Buffer.from(secret), (byte) =>
      byte === 92
        ? "\\\\"
        : byte < 32 || byte > 126
          ? `\\x${byte.toString(16).padStart(2, "0")}`
          : String.fromCharCode(byte),
    ).join(""),
  "base64 of JSON": (secret) => base64(json(secret)),
  "base64 of an address": (secret) => base64(address(secret)),
};

// No letters alone, which may be words; the ends are what a program may trim.
const secrets = fc
  .oneof(
    fc.string({ unit: "binary", minLength: 6 }),
    fc.string({ unit: "grapheme", minLength: 6 }),
    fc.base64String({ minLength: 8 }),
  )
  .map((text) => `7${text.replaceAll(/[\r\n]/g, "")}7`);

const redacted = (secret: string, text: string) => new Redactor().add(secret).text(text);
const masked = (secret: string, text: string) =>
  maskingOf({ properties: { key: { airbyte_secret: true } } }, { key: secret })(text);

describe.each(Object.entries(quotations))("a secret that a text quotes: %s", (_, quoted) => {
  test("is blanked, and nothing else", () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const text = `\\ failed at 100%: "${quoted(secret)}" + what is new\nin line 3`;
        const [before, after] = text.split(quoted(secret));
        expect(redacted(secret, text)).toBe(`${before}[secret]${after}`);
        expect(masked(secret, text)).toBe(`${before}**********${after}`);
      }),
      { numRuns: 60 },
    );
  });
});

test("credentials of Basic authentication are blanked behind a user name of any length", () => {
  fc.assert(
    fc.property(secrets, fc.string({ maxLength: 8 }), fc.string({ maxLength: 3 }), (secret, user, more) => {
      const encoded = base64(`${user}:${secret}${more}`);
      const text = redacted(secret, `Authorization: Basic ${encoded} was refused`);
      const [, before = "", after = ""] = /^Authorization: Basic (.*)\[secret\](.*) was refused$/.exec(text) ?? [];
      // What is left on either side has no bit of the secret.
      const left = Buffer.from(before, "base64").toString("latin1");
      expect(Buffer.from(`${user}:`).toString("latin1").startsWith(left)).toBe(true);
      expect(text).toContain("[secret]");
      const whole = Math.ceil((Buffer.byteLength(`${user}:${secret}`) * 8) / 6);
      expect(encoded.slice(0, encoded.length - after.length).length).toBeGreaterThanOrEqual(whole);
    }),
    { numRuns: 300 },
  );
});

test("a secret that isn't UTF-8 in Basic authentication is found as well", () => {
  const text = `Basic ${Buffer.from("user:pässwörd-1", "latin1").toString("base64")}`;
  expect(redacted("pässwörd-1", text)).toBe("Basic dXNlcj[secret]");
});

test("secrets that overlap are blanked as one, those that follow each other as two", () => {
  const quotations = new Quotations();
  for (const secret of ["abcdef", "abc", "defghi", "xyz123", "", "ab"]) quotations.add(secret);
  expect(quotations.blank("1 abcdefghi 2 abcdefxyz123 ab", "*")).toBe("1 * 2 ** ab");
});

test("texts without a secret stay as they are", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      expect(redacted("n0t-in-there-at-all", text)).toBe(text);
    }),
  );
});

test("many secrets are looked for at once", () => {
  const redactor = new Redactor();
  for (let count = 0; count < 5_000; count++) redactor.add(`s3cret-${count}-of-many`);
  redactor.text("");
  const before = performance.now();
  for (let count = 0; count < 100; count++) {
    expect(redactor.text(`%20 \\" s3cret-${count}-of-many`)).toBe('%20 \\" [secret]');
  }
  expect(performance.now() - before).toBeLessThan(1_000);
});

test("a long text full of encodings is read in a moment", () => {
  const text = "%5C\\u005c\\\\%25+\n".repeat(10_000);
  const before = performance.now();
  expect(redacted("n0t-in-there-at-all", text)).toBe(text);
  expect(performance.now() - before).toBeLessThan(5_000);
});

test("one that is longer than anybody reads is cut, no secret with it", () => {
  const secret = "s3cr3t-text-";
  const text = `${"\\u0041%41\\n+&lt;\n".repeat(20_000).slice(0, 199_995)}${secret}${"x".repeat(3_000_000)}`;
  const before = performance.now();
  expect(masked(secret, text) === `${text.slice(0, 199_995)}**********…`).toBe(true);
  expect(redacted(secret, text).length).toBeLessThan(200_100);
  expect(performance.now() - before).toBeLessThan(10_000);
});
