import { ConfigurationError, formatPath, type Mistake } from "../errors/user-error.ts";

/** A place in a file; line and column count from 1 and are absent where the whole file is meant. */
export interface Position {
  file: string;
  line?: number;
  column?: number;
}

interface Found {
  at: Position;
  path: readonly PropertyKey[];
  text: string;
}

/** Collects the mistakes of all files, so that one run reports every one of them. */
export class Mistakes {
  readonly #found = new Map<string, Found>();

  add(at: Position, path: readonly PropertyKey[], text: string): void {
    // A template or a default repeats its mistake for each entry made from it, under another name; once is enough.
    const key = JSON.stringify([at, path.slice(2).map(String), text]);
    if (!this.#found.has(key)) this.#found.set(key, { at, path, text });
  }

  get size(): number {
    return this.#found.size;
  }

  /** @throws ConfigurationError when there is any mistake, sorted by file and line */
  throwIfAny(): void {
    if (this.#found.size === 0) return;
    const all = [...this.#found.values()].sort((a, b) => compare(a.at, b.at));
    const files = [...new Set(all.map(({ at }) => at.file))];
    throw new ConfigurationError(files.join(", "), all.map(told));
  }
}

function compare(a: Position, b: Position): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function told({ at, path, text }: Found): Mistake {
  return {
    file: at.line === undefined ? at.file : `${at.file}:${at.line}:${at.column ?? 1}`,
    path: formatPath(path),
    text,
  };
}
