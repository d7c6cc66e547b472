import type { FrameSizes, ModuleLine, SymSink, TextSpan } from "../../sym-text/sym-sink.ts";
import { BlockWriter, type Output } from "../format/block-writer.ts";
import { CfiRowWriter } from "../format/cfi-row-writer.ts";
import type { NameCodec } from "../format/name-codec.ts";
import { RecordTableWriter } from "../format/record-table-writer.ts";
import type { SymcacheInfo, TableName } from "../format/symcache-format.ts";
import { CfiRuleSets } from "./cfi-rule-sets.ts";
import { CfiTable } from "./cfi-table.ts";
import { FrameTable } from "./frame-table.ts";
import { FunctionTable } from "./function-table.ts";
import { NumberedNames } from "./numbered-names.ts";
import { PublicTable } from "./public-table.ts";
import { StringPlaces } from "./string-places.ts";
import { NO_STRING, StringPool } from "./string-pool.ts";

/** What a builder is told of the text as a whole. */
export type TextFacts = Pick<SymcacheInfo, "lines" | "badLines" | "badSamples" | "textBytes"> & {
  readonly url: string;
};

/** Collects a symbol file's records and lays them out as a symcache. */
export class SymcacheBuilder implements SymSink {
  readonly #strings: StringPool;
  readonly #files = new NumberedNames();
  readonly #origins = new NumberedNames();
  readonly #functions: FunctionTable;
  readonly #publics: PublicTable;
  readonly #cfi: CfiTable;
  readonly #frameData: FrameTable;
  readonly #fpo: FrameTable;
  #module: ModuleLine = { os: "", cpu: "", debugId: "", debugFile: "" };
  #code = { codeId: "", codeFile: "" };
  #url = "";

  /** @param folder where files without a name are made for what does not fit into memory */
  constructor(folder?: string) {
    this.#strings = new StringPool(folder);
    this.#functions = new FunctionTable(this.#files, this.#origins, folder);
    this.#publics = new PublicTable(this.#strings);
    this.#cfi = new CfiTable(new CfiRuleSets(), folder);
    this.#frameData = new FrameTable(folder);
    this.#fpo = new FrameTable(folder);
  }

  module(line: ModuleLine): void {
    this.#module = line;
  }

  codeId(codeId: string, codeFile: string): void {
    this.#code = { codeId, codeFile };
  }

  url(url: string): void {
    this.#url = url;
  }

  file(id: number, name: TextSpan): void {
    this.#files.set(id, this.#strings.intern(name));
  }

  inlineOrigin(id: number, name: TextSpan): void {
    this.#origins.set(id, this.#strings.intern(name));
  }

  func(address: number, size: number, parameterSize: number, name: TextSpan): void {
    this.#functions.addFunction(address, size, parameterSize, this.#strings.intern(name));
  }

  line(address: number, size: number, line: number, file: number): void {
    this.#functions.addLine(address, size, line, file);
  }

  inline(
    depth: number,
    callLine: number,
    callFile: number,
    origin: number,
    address: number,
    size: number,
  ): void {
    this.#functions.addInline(depth, callLine, callFile, origin, address, size);
  }

  publicSymbol(address: number, parameterSize: number, name: TextSpan): void {
    this.#publics.add(address, parameterSize, this.#strings.intern(name));
  }

  cfiInit(address: number, size: number, rules: TextSpan): void {
    this.#cfi.init(address, size, rules);
  }

  cfiDelta(address: number, rules: TextSpan): void {
    this.#cfi.delta(address, rules);
  }

  frameData(address: number, size: number, sizes: FrameSizes, program: TextSpan): void {
    this.#frameData.add(address, size, sizes, this.#strings.intern(program), false);
  }

  fpo(address: number, size: number, sizes: FrameSizes, allocatesBasePointer: boolean): void {
    this.#fpo.add(address, size, sizes, NO_STRING, allocatesBasePointer);
  }

  /** The debug id of the MODULE line; empty without one. */
  get debugId(): string {
    return this.#module.debugId;
  }

  /**
   * Writes the symcache of all that was received.
   * @param codec compresses its names; by default one that is learned from them
   */
  finish(text: TextFacts, out: Output, codec?: NameCodec): void {
    const blocks = new BlockWriter(out);
    const places = new StringPlaces(this.#strings, codec);
    const table = (name: TableName) => new RecordTableWriter(name, blocks, places);
    const functions = this.#functions.lay(table("functions"));
    this.#publics.lay(table("publics"), functions);
    this.#cfi.layRows(new CfiRowWriter(blocks));
    const registers = this.#cfi.layRuleSets(table("ruleSets"));
    this.#frameData.lay(table("frameData"));
    this.#fpo.lay(table("fpo"));
    this.#files.lay(table("files"));
    this.#origins.lay(table("origins"));
    this.#functions.layOverlapping(table("overlapping"));
    this.#publics.layFirst(table("firstPublics"));
    const info = { ...this.#module, ...this.#code, ...text, url: text.url || this.#url };
    blocks.finish(info, registers, places.codec);
  }

  /** Gives back what the builder holds outside of the process' memory. */
  close(): void {
    for (const part of [this.#strings, this.#functions, this.#cfi, this.#frameData, this.#fpo]) part.close();
  }
}
