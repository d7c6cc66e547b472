import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** A file that is not yet whole, and was not written to for so long, was left behind by a kill, ms. */
const UNFINISHED_MS = 3_600_000;

/** Notes of absence last at most so long, ms. */
const NOTE_MS = 7 * 24 * 3_600_000;

interface FoundFile {
  readonly path: string;
  readonly bytes: number;
  /** Of the last use, ms. */
  readonly usedAt: number;
}

/** What may stay in a folder. */
export interface Room {
  /** Bytes that symcaches may take together. */
  readonly maxBytes: number;
  /** The same as a share of what they take now; 1 by default. */
  readonly share?: number;
  /** ms since 1970. */
  readonly now: number;
  /** A symcache that stays, however large: it was just written. */
  readonly keep?: string;
}

/**
 * Removes the symcaches of a folder that were not used for longest until the others fit, and what kills left behind.
 * Several processes may do so at once. A symcache that is open stays readable for who has it.
 * @returns whether something was removed
 */
export async function makeRoom(folder: string, { maxBytes, share = 1, now, keep }: Room): Promise<boolean> {
  const files = await filesIn(folder);
  const isSymcache = ({ path }: FoundFile) => path.endsWith(".symcache");
  const leftBehind = files.filter(
    (file) => !isSymcache(file) && now - file.usedAt > (isNote(file) ? NOTE_MS : UNFINISHED_MS),
  );
  const symcaches = files.filter(isSymcache).sort((a, b) => a.usedAt - b.usedAt);
  let total = symcaches.reduce((sum, { bytes }) => sum + bytes, 0);
  const limit = Math.min(maxBytes, total * share);
  const tooMuch: FoundFile[] = [];
  for (const file of symcaches) {
    if (total <= limit) break;
    if (file.path === keep) continue;
    total -= file.bytes;
    tooMuch.push(file);
  }
  const removed = [...leftBehind, ...tooMuch];
  for (const { path } of removed) await rm(path, { force: true }).catch(() => undefined);
  return removed.length > 0;
}

function isNote({ path }: FoundFile): boolean {
  return path.includes("/.absent/");
}

async function filesIn(folder: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files: FoundFile[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined) files.push({ path, bytes: found.size, usedAt: found.mtimeMs });
  }
  return files;
}
