import { randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync } from "node:fs";
import { open, truncate } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import {
  blockMemory,
  GatheringWriter,
  isDirectRefused,
  openDirectSync,
  syncFolder,
} from "../direct-io/index.ts";
import type { StoredObject } from "../object-store.ts";
import type { PackedBatch } from "../packing-store.ts";
import { type EncodedBatch, encodeBatch } from "./batch.ts";

export const PACK_SUFFIX = ".pack";
/** A pack that has grown so large gets no more. */
const PACK_BYTES = 1024 ** 3;
const MEMORY_BYTES = 8 * 1024 * 1024;
/** Writes are durable when they return. */
const FLAGS = constants.O_WRONLY | (constants.O_DSYNC ?? constants.O_SYNC ?? 0);

interface OpenPack {
  readonly name: string;
  readonly path: string;
  readonly file: number;
  /** Bytes of the batches that count. */
  end: number;
}

/** Appends batches to packs of its own, one after another: no two writers share a pack. */
export class PackWriter {
  readonly #folder: string;
  readonly #oneAtATime = pLimit(1);
  #memory: Buffer | undefined;
  #current: OpenPack | undefined;
  #byReference = true;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Returns when the objects are durable. After an error nothing of them counts.
   * @param notBefore earliest time of saving that they are given, ms since 1970
   */
  append(objects: readonly StoredObject[], notBefore = 0): Promise<PackedBatch> {
    const { front, large, ...layout } = encodeBatch(objects, Math.max(Date.now(), notBefore));
    return this.#oneAtATime(async () => {
      const pack = await this.#packToWrite();
      const at = pack.end;
      try {
        await this.#write(pack, { front, large });
      } catch (error) {
        // Nobody knows what is in it now: it gets no more. On a full disk what is left of the attempt would keep it full.
        this.#leave();
        await truncate(pack.path, at).catch(() => undefined);
        throw error;
      }
      pack.end += layout.length;
      if (pack.end >= PACK_BYTES) this.#leave();
      return { ...layout, pack: pack.name, at };
    });
  }

  /** Lets go of the pack that is being written. */
  close(): Promise<void> {
    return this.#oneAtATime(async () => this.#leave());
  }

  async #packToWrite(): Promise<OpenPack> {
    // One that was removed meanwhile would take what nobody finds again.
    if (this.#current !== undefined && fstatSync(this.#current.file).nlink === 0) this.#leave();
    this.#current ??= await this.#begin();
    return this.#current;
  }

  /** Makes a pack; its name begins with its time. */
  async #begin(): Promise<OpenPack> {
    const time = new Date().toISOString().replace(/[-:.]/g, "");
    const name = `${time}-${randomBytes(4).toString("hex")}${PACK_SUFFIX}`;
    const path = join(this.#folder, name);
    await (await open(path, "wx")).close();
    await syncFolder(this.#folder);
    return { name, path, file: openDirectSync(path, FLAGS), end: 0 };
  }

  #leave(): void {
    if (this.#current !== undefined) closeSync(this.#current.file);
    this.#current = undefined;
  }

  async #write(pack: OpenPack, batch: Pick<EncodedBatch, "front" | "large">): Promise<void> {
    try {
      await this.#writeOnce(pack, batch);
    } catch (error) {
      if (!isDirectRefused(error) || !this.#byReference) throw error;
      this.#byReference = false;
      await this.#writeOnce(pack, batch);
    }
  }

  async #writeOnce(
    { file, end }: OpenPack,
    { front, large }: Pick<EncodedBatch, "front" | "large">,
  ): Promise<void> {
    this.#memory ??= blockMemory(MEMORY_BYTES);
    const writer = new GatheringWriter(file, this.#memory, { at: end, byReference: this.#byReference });
    for (const bytes of front) await writer.add(bytes);
    writer.pad();
    for (const bytes of large) await writer.addInBlocks(bytes);
    await writer.flush();
  }
}
