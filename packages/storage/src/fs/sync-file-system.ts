import { getSystemErrorName } from "node:util";

/** syncfs(2) of the C library, which Node does not call; undefined where the system, or a binding for it, has none. */
const calls = process.platform === "linux" ? await bind() : undefined;

async function bind(): Promise<{ syncfs(file: number): number; errno(): number } | undefined> {
  try {
    const { default: koffi } = await import("koffi");
    return { syncfs: koffi.load(null).func("int syncfs(int file)"), errno: () => koffi.errno() };
  } catch {
    return undefined;
  }
}

/** Whether `syncFileSystem` can be had. */
export const canSyncFileSystems = calls !== undefined;

/**
 * Makes all durable that was written to the file system of an open file (Linux). Blocks.
 * @throws {Error} with the system's code, when it could not
 */
export function syncFileSystem(file: number): void {
  if (calls?.syncfs(file) === 0) return;
  const code = getSystemErrorName(-(calls?.errno() ?? 1));
  throw Object.assign(new Error(`${code}: the file system could not be synced`), { code });
}
