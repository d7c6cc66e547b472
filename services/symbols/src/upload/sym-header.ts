import type { SymHeader } from "../uploads/uploads.ts";

/** The head of a symbol file is short; more is not kept for it. */
const MAX_BYTES = 64 * 1024;

/**
 * Collects the head of a symbol file from its first bytes: the MODULE and INFO records up to the first other one.
 */
export class SymHeadReader {
  #head = Buffer.alloc(0);

  write(chunk: Uint8Array): void {
    if (this.#head.length >= MAX_BYTES) return;
    this.#head = Buffer.concat([this.#head, chunk.subarray(0, MAX_BYTES - this.#head.length)]);
  }

  /** The header; undefined where the file begins with no MODULE record. */
  header(): SymHeader | undefined {
    const found = { codeFile: "", codeId: "", generator: "" };
    let module: { debugFile: string; debugId: string } | undefined;
    for (const line of this.#head
      .toString("utf8")
      .replace(/^\ufeff/, "")
      .split(/\r?\n/)) {
      const [, debugId = "", debugFile = ""] =
        /^MODULE\s+\S+\s+\S+\s+([0-9A-Fa-f]+)\s+(.+?)\s*$/.exec(line) ?? [];
      if (debugFile !== "") module ??= { debugFile, debugId: debugId.toUpperCase() };
      const [, word = "", rest = ""] = /^INFO\s+(\S+)\s*(.*?)\s*$/.exec(line) ?? [];
      if (word === "CODE_ID") {
        const [, codeId = "", codeFile = ""] = /^(\S*)\s*(.*)$/.exec(rest) ?? [];
        found.codeId = codeId.toUpperCase();
        found.codeFile = codeFile;
      } else if (word === "GENERATOR") found.generator = rest;
      if (!/^(?:MODULE|INFO)\b/.test(line)) break;
    }
    return module && { ...module, ...found };
  }
}
