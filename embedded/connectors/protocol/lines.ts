import { ConnectorFailure } from "./failure.ts";

/** More than any sensible message, and little enough to be kept in memory. */
const maxLineBytes = 64 * 1024 * 1024;

const newline = 0x0a;

/** Cuts what a program writes into lines, chunk by chunk. */
export class LineSplitter {
  readonly #maxBytes: number;
  #begun: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes = maxLineBytes) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that this chunk completes. Throws where a line grows beyond bounds. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      this.#add(chunk.subarray(from, at));
      lines.push(this.#take());
      from = at + 1;
    }
    if (from < chunk.length) this.#add(chunk.subarray(from));
    return lines;
  }

  /** What came after the last newline. */
  rest(): string[] {
    return this.#bytes === 0 ? [] : [this.#take()];
  }

  #add(part: Buffer): void {
    this.#begun.push(part);
    this.#bytes += part.length;
    if (this.#bytes <= this.#maxBytes) return;
    throw new ConnectorFailure(`The connector wrote a message of more than ${this.#maxBytes / 1024 / 1024} MB`);
  }

  #take(): string {
    const [first] = this.#begun;
    const line = this.#begun.length === 1 && first ? first.toString() : Buffer.concat(this.#begun).toString();
    this.#begun = [];
    this.#bytes = 0;
    return line;
  }
}
