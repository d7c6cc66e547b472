import { CfiTable } from "./cfi-table.ts";
import { FunctionTable } from "./function-table.ts";
import { PublicTable } from "./public-table.ts";
import { StringPool } from "./string-pool.ts";
import type { InlineRange, SymReadReport, SymSink, TextSpan } from "./sym-sink.ts";
import { section } from "./symcache-format.ts";
import { type Sections, writeSymcache } from "./symcache-writer.ts";

/** Collects a symbol file's records and lays them out as a symcache. */
export class SymcacheBuilder implements SymSink {
  readonly #strings = new StringPool();
  readonly #functions = new FunctionTable(this.#strings);
  readonly #publics = new PublicTable(this.#strings);
  readonly #cfi = new CfiTable(this.#strings);
  #module = { os: "", cpu: "", debugId: "", debugFile: "" };
  #code = { codeId: "", codeFile: "" };

  module(header: { os: string; cpu: string; debugId: string; debugFile: string }): void {
    this.#module = header;
  }

  codeId(codeId: string, codeFile: string): void {
    this.#code = { codeId, codeFile };
  }

  file(id: number, name: TextSpan): void {
    this.#functions.addFile(id, name);
  }

  inlineOrigin(id: number, name: TextSpan): void {
    this.#functions.addOrigin(id, name);
  }

  func(address: number, size: number, parameterSize: number, name: TextSpan): void {
    this.#functions.addFunction(address, size, parameterSize, name);
  }

  line(address: number, size: number, line: number, file: number): void {
    this.#functions.addLine(address, size, line, file);
  }

  inline(range: InlineRange): void {
    this.#functions.addInline(range);
  }

  publicSymbol(address: number, parameterSize: number, name: TextSpan): void {
    this.#publics.add(address, parameterSize, name);
  }

  cfiInit(address: number, size: number, rules: TextSpan): void {
    this.#cfi.init(address, size, rules);
  }

  cfiDelta(address: number, rules: TextSpan): void {
    this.#cfi.delta(address, rules);
  }

  /** The debug id of the MODULE line; empty without one. */
  get debugId(): string {
    return this.#module.debugId;
  }

  /** The symcache of all that was received, from the text that `url` names. */
  finish({ lines, badLines }: SymReadReport, url: string): Buffer {
    const sections: Sections = new Map();
    this.#functions.lay(sections);
    this.#publics.lay(sections);
    this.#cfi.lay(sections);
    sections.set(section.strings, { kind: "bytes", bytes: this.#strings.blob });
    return writeSymcache({ ...this.#module, ...this.#code, url, lines, badLines }, sections);
  }
}
