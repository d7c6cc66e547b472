import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MaydayError } from "@mayday/errors";
import { bytesOfFile, type SymcacheBytes } from "../symcache/read/symcache-bytes.ts";
import { underLock, unlessLocked } from "./build-lock.ts";
import { makeRoom } from "./folder-room.ts";
import type { SymbolFilePath } from "./symbol-file-path.ts";
import { writeWholeFile } from "./write-whole-file.ts";

/** Why a source has no symbols of a module. */
export interface Absence {
  readonly kind: "missing" | "malformed";
  readonly why: string;
}

/**
 * The symcaches of a machine, as files that its processes and threads share. They are kept by the name of the source
 * that had the text: sources may have different texts for one module, and a cache must not change which one counts.
 * There is no process that manages it: each that writes removes what was not used for longest.
 */
export interface SymcacheFolder {
  /** A module's symcache, opened; undefined where there is none. */
  open(path: SymbolFilePath, source: string): Promise<SymcacheBytes | undefined>;
  /**
   * Puts a symcache there, whole or not at all.
   * @throws {MaydayError} SYMCACHE_UNSAVED when it cannot be written, as on a full disk
   */
  write(path: SymbolFilePath, source: string, pieces: Iterable<Uint8Array>): Promise<void>;
  /** Takes a symcache away that turned out to be damaged, before the next one can ask for it. */
  remove(path: SymbolFilePath, source: string): void;
  /** What is remembered, `since` a time, of a source that had no symbols of a module. */
  absence(path: SymbolFilePath, source: string, since?: number): Promise<Absence | undefined>;
  /** Remembers that up to a time, ms since 1970. */
  noteAbsence(path: SymbolFilePath, source: string, absence: Absence, until: number): Promise<void>;
  /** Runs `work` while no other thread or process works on the same symcache. */
  alone<T>(path: SymbolFilePath, source: string, work: () => Promise<T>): Promise<T>;
  /** Runs `work`, which nobody waits for, unless a process does so already: so many may ask for it, and one runs. */
  behind(work: () => Promise<void>): Promise<void>;
}

export interface SymcacheFolderOptions {
  /** Symcaches may take up so many bytes together. */
  readonly maxBytes?: number;
  readonly now?: () => number;
}

/** How often the time of a symcache's last use is written at most, ms. */
const TOUCH_MS = 60_000;

/** Opens the folder; it is made when something is put there. */
export function symcacheFolder(
  folder: string,
  { maxBytes = Number.POSITIVE_INFINITY, now = Date.now }: SymcacheFolderOptions = {},
): SymcacheFolder {
  const fileOf = ({ debugFile, debugId }: SymbolFilePath, source: string) =>
    join(folder, debugFile, debugId, `${shortHash(source)}.symcache`);
  const besides = (kind: string, { debugFile, debugId }: SymbolFilePath, source: string) =>
    join(folder, kind, shortHash(`${debugFile}/${debugId}/${source}`));
  return {
    async open(path, source) {
      const file = fileOf(path, source);
      const found = await stat(file).catch(() => undefined);
      if (found === undefined) return undefined;
      if (now() - found.mtimeMs > TOUCH_MS) await touch(file, now());
      return openIfThere(file);
    },
    async write(path, source, pieces) {
      const file = fileOf(path, source);
      try {
        await mkdir(dirname(file), { recursive: true });
        await writeWholeFile(file, pieces).catch(async (error) => {
          // The disk may be full of symcaches that nobody needs so much.
          const isFull = error.code === "ENOSPC" || error.code === "EDQUOT";
          if (!isFull || !(await makeRoom(folder, { maxBytes, share: 1 / 2, now: now() }))) throw error;
          await writeWholeFile(file, pieces);
        });
      } catch (error) {
        throw new MaydayError("SYMCACHE_UNSAVED", (error as Error).message, { cause: error });
      }
      await touch(file, now());
      await makeRoom(folder, { maxBytes, now: now(), keep: file });
    },
    remove: (path, source) => rmSync(fileOf(path, source), { force: true }),
    async absence(path, source, since = 0) {
      const text = await readFile(besides(".absent", path, source), "utf8").catch(() => undefined);
      return text === undefined ? undefined : absenceIn(text, now(), since);
    },
    async noteAbsence(path, source, absence, until) {
      const file = besides(".absent", path, source);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, JSON.stringify({ ...absence, noted: now(), until }));
    },
    alone: (path, source, work) => underLock(besides(".locks", path, source), work),
    behind: (work) => unlessLocked(join(folder, ".locks", "behind"), work),
  };
}

/** A file that was removed meanwhile is not there. */
function openIfThere(file: string): SymcacheBytes | undefined {
  try {
    return bytesOfFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function touch(file: string, now: number): Promise<void> {
  const seconds = now / 1000;
  await utimes(file, seconds, seconds).catch(() => undefined);
}

/** A note that is over, or that a kill left half written, says nothing. */
function absenceIn(text: string, now: number, since: number): Absence | undefined {
  try {
    const { kind, why, noted, until } = JSON.parse(text);
    return until > now && noted >= since ? { kind, why } : undefined;
  } catch {
    return undefined;
  }
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
