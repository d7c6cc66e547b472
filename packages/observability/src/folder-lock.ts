import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A folder is in use by another process. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";
  readonly code = "CONFIG_INVALID";
}

/**
 * Keeps two processes out of one folder, by a file with the process id of who uses it. The lock of a process that was
 * killed is taken over.
 * @returns lets the folder go
 * @throws {FolderInUse} when another process uses it
 */
export function lockFolder(folder: string, fileName: string): () => void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, fileName);
  const holder = readHolder(path);
  if (holder !== undefined && isAlive(holder)) {
    throw new FolderInUse(`process ${holder.pid} uses ${folder}; if there is none, remove ${path}`);
  }
  writeFileSync(path, `${process.pid} ${startOf(process.pid) ?? ""}\n`);
  return () => rmSync(path, { force: true });
}

interface Holder {
  readonly pid: number;
  /** When it was started, in the kernel's ticks; process ids are given out again. */
  readonly start: string | undefined;
}

function readHolder(path: string): Holder | undefined {
  try {
    const [pid = "", start] = readFileSync(path, "utf8").trim().split(" ");
    return Number.parseInt(pid, 10) > 0 ? { pid: Number.parseInt(pid, 10), start } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, start }: Holder): boolean {
  // In a container every start has the same process id.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return start === undefined || startOf(pid) === start;
}

/** Field 22 of proc(5)'s stat; undefined where there is no such thing. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
