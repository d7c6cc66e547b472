import { hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import type { PackedBatch } from "../packing-store.ts";
import { decodeFront, HEAD_BYTES, placesIn, readHead } from "./batch.ts";
import { readAt } from "./read-at.ts";

/** The batches of a pack from `from` on, in their order, up to one that is not whole: it was promised to nobody. */
export async function* scanPack(path: string, from: number): AsyncGenerator<PackedBatch> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    for (let at = from; at < size; ) {
      const batch = await readBatch(file, at);
      if (batch === undefined || at + batch.length > size) return;
      // Only the last write can have been cut off.
      if (at + batch.length === size && !(await isWhole(file, batch))) return;
      yield { ...batch, pack: basename(path) };
      at += batch.length;
    }
  } finally {
    await file.close();
  }
}

async function readBatch(file: FileHandle, at: number): Promise<Omit<PackedBatch, "pack"> | undefined> {
  const head = readHead(await readAt(file, at, HEAD_BYTES));
  if (head === undefined) return undefined;
  const layout = decodeFront(await readAt(file, at, head.frontBytes));
  return layout && { ...layout, at };
}

/** Whether the objects that have a digest are as they were; the others are looked at with the front. */
async function isWhole(file: FileHandle, batch: Omit<PackedBatch, "pack">): Promise<boolean> {
  for (const { sha256, at, size } of placesIn(batch)) {
    if (sha256 !== undefined && hash("sha256", await readAt(file, at, size)) !== sha256) return false;
  }
  return true;
}
