import { getSystemErrorName } from "node:util";

/** Calls of the C library that Node does not make; undefined where the system, or a binding for it, has none (not Linux). */
interface SystemCalls {
  syncfs(file: number): number;
  madvise(memory: Uint8Array, length: number, advice: number): number;
  errno(): number;
}

const MADV_HUGEPAGE = 14;

const calls = process.platform === "linux" ? await bind() : undefined;

async function bind(): Promise<SystemCalls | undefined> {
  try {
    const { default: koffi } = await import("koffi");
    const library = koffi.load(null);
    return {
      syncfs: library.func("int syncfs(int file)"),
      madvise: library.func("int madvise(void *memory, size_t length, int advice)"),
      errno: () => koffi.errno(),
    };
  } catch {
    return undefined;
  }
}

/** Whether `syncFileSystem` can be had. */
export const canSyncFileSystems = calls !== undefined;

/**
 * Makes all durable that was written to the file system of an open file (Linux, syncfs(2)). Blocks.
 * @throws {Error} with the system's code, when it could not
 */
export function syncFileSystem(file: number): void {
  if (calls?.syncfs(file) === 0) return;
  const code = getSystemErrorName(-(calls?.errno() ?? 1));
  throw Object.assign(new Error(`${code}: the file system could not be synced`), { code });
}

/**
 * Asks for large pages below memory that disks read and write directly: each page of it is looked up and pinned for that
 * each time, which is a third of what a large write asks of the processor. Where it is refused, nothing changes.
 */
export function wishLargePages(memory: Uint8Array): void {
  calls?.madvise(memory, memory.length, MADV_HUGEPAGE);
}
