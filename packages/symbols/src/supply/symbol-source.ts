import type { ModuleIdentity, SymbolFilePath } from "./symbol-file-path.ts";

/** A symbol file or symcache that a source has. */
export interface FoundSymbolFile {
  /** Its bytes as stored: plain, gzipped or compressed with zstd. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The same bytes gzipped, where a server sent them so; either is read, not both. */
  readonly gzipped?: AsyncIterable<Uint8Array>;
  /** Lets go of the file or connection when nobody wants the bytes; absent where none is held before they are read. */
  close?(): Promise<void>;
  /** Where it can be fetched again by anybody; undefined for local files. */
  readonly url: string | undefined;
  /** Where it lies on this machine, to be read by position. */
  readonly file?: string;
}

/** The module as its code is named: what a dump tells of it beside the debug file. */
export type CodeInfo = Pick<ModuleIdentity, "codeFile" | "codeId">;

/** A place where symbol files may be. */
export interface SymbolSource {
  /** For logs and notes. */
  readonly name: string;
  /** Whether asking costs next to nothing, as with a folder of this machine. */
  readonly isLocal: boolean;
  /** Whether a text may be read from there twice: once to answer from it, and again to build its symcache. */
  readonly isNear?: boolean;
  /** The module's symbol file; undefined when the source has none. Throws when the source cannot answer. */
  find(path: SymbolFilePath, code: CodeInfo): Promise<FoundSymbolFile | undefined>;
  /** The symcache that lies beside the symbol file, asked for first. */
  findSymcache?(path: SymbolFilePath): Promise<FoundSymbolFile | undefined>;
  /** Debug file and id of a module of which a dump knows its code alone (Windows, when its memory ran out). */
  identify?(code: Required<CodeInfo>): Promise<DebugInfo | undefined>;
}

export interface DebugInfo {
  readonly debugFile: string;
  readonly debugId: string;
}
