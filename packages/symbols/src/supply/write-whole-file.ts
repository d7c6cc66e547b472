import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";

/** Writes a file under another name first: nobody sees half of it, and a full disk leaves nothing. */
export async function writeWholeFile(path: string, pieces: Iterable<Uint8Array>): Promise<void> {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    const handle = await open(unfinished, "wx");
    try {
      for (const piece of pieces) await handle.writeFile(piece);
    } finally {
      await handle.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
}
