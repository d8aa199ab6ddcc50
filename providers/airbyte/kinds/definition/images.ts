import { text } from "../fields.ts";

/** A Docker image without its tag: `me/source-erp`, `registry.example.com:5000/me/source-erp`. */
export const imageName = text.superRefine((image, context) => {
  const message = imageMistake(image);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});

/** The tag of one: `1.2.0`, with a digest behind it or without. */
export const imageTag = text.regex(/^\w[\w.-]{0,127}(@sha256:[\da-f]{64})?$/, {
  error: "expected a tag of letters, digits, _ . and -, such as 1.2.0",
});

function imageMistake(image: string): string | undefined {
  const example = "expected an image's name, such as me/source-erp or registry.example.com/me/source-erp";
  if (image.includes("://")) return `${example}, without ${image.slice(0, image.indexOf("://"))}://`;
  if (/\s/.test(image)) return `${example}; a name holds no blanks`;
  if (image.includes("@"))
    return `${example}; what follows the @ goes behind the tag in dockerImageTag, as TAG@sha256:…`;
  const parts = image.split("/");
  const own = parts.at(-1) ?? "";
  if (own.includes(":"))
    return `${example}; the tag is a setting of its own: dockerImageTag: "${own.slice(own.indexOf(":") + 1)}"`;
  const [registry = "", ...path] = parts;
  // Docker's own rule for what is a host, and what the beginning of a name.
  const isHost = path.length > 0 && (/[.:]/.test(registry) || registry === "localhost");
  const names = isHost ? path : parts;
  if (isHost && !/^[\w.-]+(:\d+)?$/.test(registry)) return example;
  if (names.some((name) => /[A-Z]/.test(name))) return `${example}; names of images are in lower case`;
  return names.every((name) => /^[a-z\d]+((\.|_{1,2}|-+)[a-z\d]+)*$/.test(name)) ? undefined : example;
}
