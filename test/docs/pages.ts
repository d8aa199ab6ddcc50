import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import GithubSlugger from "github-slugger";
import { lexer, walkTokens, type Token } from "marked";

export const projectDir = fileURLToPath(new URL("../..", import.meta.url));

/** A fenced block. */
export interface Block {
  /** The page and the heading that it stands under: `docs/targets.md#aws`. */
  section: string;
  /** The word behind the fence. */
  language: string;
  text: string;
  line: number;
}

/** Where a page leads: a file of the project, and perhaps a heading in it. */
export interface Link {
  href: string;
  file: string;
  anchor: string | undefined;
}

export interface Page {
  /** Relative to the project. */
  name: string;
  blocks: Block[];
  anchors: Set<string>;
  links: Link[];
  /** `npm run rows` and the like, inside sentences. */
  inlineCode: string[];
}

/** The pages whose blocks and commands are for the reader to use. */
export const pages: Page[] = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...markdownFiles("docs")].map(readPage);

/** The blocks of a language that stand under a heading. */
export function blocksOf(section: string, language: string): string[] {
  const blocks = pages.flatMap((page) => page.blocks).filter((block) => block.section === section);
  const found = blocks.filter((block) => block.language === language);
  if (found.length === 0) throw new Error(`No ${language} stands under ${section}`);
  return found.map(({ text }) => text);
}

/** The commands that stand under a heading, for a test that runs them itself. */
export function commandsOf(section: string): string[] {
  return blocksOf(section, "sh").flatMap(commandLines);
}

/** The lines of a sh block that do something, without their comments. */
export function commandLines(text: string): string[] {
  const lines = text.replaceAll("\\\n", " ").split("\n");
  return lines.map((line) => line.replace(/(^|\s+)#\s.*$/, "").trim()).filter((line) => line !== "");
}

/** What of this project's a line runs: `move` with `--to prod`. What goes through to Pulumi is `pulumi` with the verb. */
export function ownCommand(line: string): { name: string; args: string[] } {
  const [, first = "", ...rest] = line
    .replace(/^npm start/, "npm up")
    .replace(/^npm run( -s)?/, "npm")
    .split(" ");
  const args = rest.filter((word) => word !== "--");
  const isVerb = ["up", "preview", "refresh", "destroy"].includes(first);
  return isVerb ? { name: "pulumi", args: [first, ...args] } : { name: first, args };
}

export function readPage(name: string): Page {
  const page: Page = { name, blocks: [], anchors: new Set(), links: [], inlineCode: [] };
  const slugger = new GithubSlugger();
  let section = `${name}#`;
  let line = 1;
  const look = (token: Token) => {
    if (token.type === "heading") {
      const slug = slugger.slug(plainText(token.tokens ?? []));
      page.anchors.add(slug);
      section = `${name}#${slug}`;
    } else if (token.type === "code") {
      page.blocks.push({
        section,
        language: (token.lang as string | undefined) ?? "",
        text: token.text as string,
        line,
      });
    } else if (token.type === "html") {
      for (const [, id = ""] of token.raw.matchAll(/<a id="([^"]+)">/g)) page.anchors.add(id);
    } else if (token.type === "codespan") {
      page.inlineCode.push(token.text as string);
    } else if (token.type === "link" || token.type === "image") {
      const link = readLink(name, token.href as string);
      if (link) page.links.push(link);
    }
  };
  for (const token of lexer(readFileSync(join(projectDir, name), "utf8"))) {
    void walkTokens([token], look);
    line += token.raw.split("\n").length - 1;
  }
  return page;
}

/** Links to other places than the project are nobody's to check here. */
function readLink(page: string, href: string): Link | undefined {
  if (/^[a-z]+:/i.test(href)) return undefined;
  const [path = "", anchor] = href.split("#");
  const file = path === "" ? page : normalize(join(dirname(page), decodeURIComponent(path)));
  return { href, file, anchor };
}

/** What a reader sees of a heading: code and links without their signs. */
function plainText(tokens: Token[]): string {
  return tokens
    .map((token) => ("tokens" in token && token.tokens ? plainText(token.tokens) : (token as { text: string }).text))
    .join("");
}

function markdownFiles(folder: string): string[] {
  const names = readdirSync(join(projectDir, folder)).filter((name) => name.endsWith(".md"));
  return names.sort().map((name) => `${folder}/${name}`);
}
