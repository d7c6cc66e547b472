import type { SymbolFilePath } from "./symbol-file-path.ts";

/** A symbol file that a source has. */
export interface FoundSymbolFile {
  /** Its text as stored: plain or gzipped. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Where it can be fetched again by anybody; undefined for local files. */
  readonly url: string | undefined;
}

/** A place where symbol files may be. */
export interface SymbolSource {
  /** For logs and notes. */
  readonly name: string;
  /** The module's symbol file; undefined when the source has none. Throws when the source cannot answer. */
  find(
    path: SymbolFilePath,
    codeInfo: { codeFile?: string; codeId?: string },
  ): Promise<FoundSymbolFile | undefined>;
}
