import type { BulkEffect } from "@mayday/queue";
import type { SymbolKey } from "@mayday/storage";

/** The header of a symbol file. */
export interface SymHeader {
  readonly debugFile: string;
  /** In capital letters. */
  readonly debugId: string;
  readonly codeFile: string;
  readonly codeId: string;
  readonly generator: string;
}

/** A file as it was sent. */
export interface FileFacts {
  /** Bytes before they were compressed. */
  readonly size: number;
  /** Of those bytes, in small hex. */
  readonly md5: string;
}

/** What became of a file of an upload. */
export interface UploadedFile extends FileFacts {
  readonly key: string;
  /** Whether another content stood there before. */
  readonly update: boolean;
  readonly compressed: boolean;
  /** Bytes as stored. */
  readonly storedSize: number;
  readonly completedAt: string;
  /** Of symbol files that have one. */
  readonly header?: SymHeader;
  /** What is odd about a symbol file, for people; it is stored all the same. */
  readonly problems: readonly string[];
  /** Of symbol files: what became of their symcache. */
  readonly symcache?: "waiting" | "built" | "failed";
}

/** An upload. Times are ISO 8601 in UTC. */
export interface Upload {
  readonly id: number;
  readonly user: string;
  readonly filename: string;
  /** Bytes of the archive, or those that the files of a plan were said to have. */
  readonly size: number;
  readonly isTry: boolean;
  readonly downloadUrl: string | null;
  readonly redirectUrls: readonly string[];
  readonly skippedKeys: readonly string[];
  readonly ignoredKeys: readonly string[];
  readonly createdAt: string;
  readonly completedAt: string | null;
  readonly files: readonly UploadedFile[];
  /** Of an upload by plan: how many files it is to have. */
  readonly plannedFiles?: number;
  /** What became of crashes that missed these symbols; absent while none was looked for. */
  readonly healing?: Healing;
}

/** Of the crashes that missed the symbols of an upload. */
export interface Healing {
  /** Crashes that were asked to be processed again. */
  readonly asked: number;
  /** Of those: processed by now, and with another signature than before. */
  readonly healed: number;
  readonly changed: number;
  /** Whether no more of them will be processed. */
  readonly isOver: boolean;
  /** How they could be read before and after; absent where it is not known, as of what earlier versions noted. */
  readonly effect?: BulkEffect;
}

/** What is known of a module by its symbols. */
export interface SymInfo extends SymHeader {
  readonly isTry: boolean;
}

/** The records of what was uploaded. */
export interface Uploads {
  /** A new upload's number; later ones are larger. */
  newId(): number;
  /** Saves an upload, in place of what was saved of it before, but for what was noted of its files. */
  save(upload: Upload): Promise<void>;
  /** Adds a file to an upload, or notes what became of it; nothing of what is noted at the same time is lost. */
  noteFile(
    id: number,
    key: string,
    facts: Partial<UploadedFile>,
    problems?: readonly string[],
  ): Promise<void>;
  /** Notes what became of crashes that missed an upload's symbols, in place of what was noted of that healing before. */
  noteHealing(id: number, healing: string, facts: Healing): Promise<void>;
  read(id: number): Promise<Upload | undefined>;
  /** All uploads, newest first. */
  list(): AsyncIterable<Upload>;
  /** What was sent for a file that is stored; undefined where that is not known. */
  fileFacts(key: SymbolKey, isTry: boolean): Promise<FileFacts | undefined>;
  saveFileFacts(key: SymbolKey, isTry: boolean, facts: FileFacts): Promise<void>;
  /** A module by its debug file and id or its code file and id: what was saved last. */
  symInfo(file: string, id: string): Promise<SymInfo | undefined>;
  saveSymInfo(info: SymInfo): Promise<void>;
}

/** A key as text. */
export function textOfKey({ debugFile, debugId, symbolFile }: SymbolKey): string {
  return `${debugFile}/${debugId}/${symbolFile}`;
}

/** The key that a text is; undefined when it has not three parts. */
export function keyOfText(text: string): SymbolKey | undefined {
  const [debugFile, debugId, symbolFile, more] = text.split("/");
  if (debugFile === undefined || debugId === undefined || symbolFile === undefined) return undefined;
  return more === undefined ? { debugFile, debugId, symbolFile } : undefined;
}
