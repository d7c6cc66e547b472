import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";

const PIECE_BYTES = 256 * 1024;

/**
 * A file that one writes while others read it from its beginning, each at its own pace. It has no name, so that nothing
 * is left of it, however its process ends; it goes when it is written and nobody reads it.
 */
export class GrowingFile {
  readonly #handle: FileHandle;
  #length = 0;
  #state: "open" | "written" | "good" = "open";
  #error: unknown;
  #isReleased = false;
  #isClosed = false;
  #readers = 0;
  #changed = Promise.withResolvers<void>();

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** @param folder where it takes up room */
  static async create(folder: string): Promise<GrowingFile> {
    await mkdir(folder, { recursive: true });
    const path = join(folder, randomUUID());
    const handle = await open(path, "wx+");
    await rm(path);
    return new GrowingFile(handle);
  }

  /** Bytes that are there by now. */
  get length(): number {
    return this.#length;
  }

  /** Writes behind what is there. @throws what it failed with, if it did */
  async append(bytes: Uint8Array): Promise<void> {
    if (this.#error !== undefined) throw this.#error;
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, at, bytes.length - at, this.#length);
      at += bytesWritten;
      this.#length += bytesWritten;
    }
    this.#tell();
  }

  /** All is written; who reads it trusting sees its end. */
  written(): void {
    if (this.#state === "open") this.#state = "written";
    this.#tell();
  }

  /** What is written is good; everybody sees its end. */
  good(): void {
    this.#state = "good";
    this.#tell();
  }

  /** It will not be whole, or is not good: who reads it is told. */
  fail(error: unknown): void {
    if (this.#state === "good") return;
    this.#error ??= error;
    this.#tell();
  }

  /** Nobody begins to read it any more, but for who was given it already. */
  async release(): Promise<void> {
    await setImmediate();
    this.#isReleased = true;
    await this.#closeUnread();
  }

  /**
   * Its bytes, as they come, or the error that it fails with. Who does not read them to their end destroys the stream.
   * @param trusting whether it ends with the last byte that was written, and not with the word that they are good
   */
  read(trusting = false): Readable {
    this.#readers++;
    let at = 0;
    const self = this;
    return new Readable({
      read() {
        self.#next(at, trusting).then(
          (piece) => {
            at += piece?.length ?? 0;
            this.push(piece);
          },
          (error) => this.destroy(error),
        );
      },
      destroy(error, done) {
        self.#readers--;
        self.#closeUnread().then(
          () => done(error),
          (failed) => done(error ?? failed),
        );
      },
    });
  }

  /** The bytes behind a place, when there are any; null at the end. */
  async #next(at: number, trusting: boolean): Promise<Buffer | null> {
    for (;;) {
      const changed = this.#changed.promise;
      if (this.#error !== undefined) throw this.#error;
      if (at < this.#length) {
        const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, this.#length - at));
        const { bytesRead } = await this.#handle.read(piece, 0, piece.length, at);
        return piece.subarray(0, bytesRead);
      }
      if (this.#state === "good" || (trusting && this.#state === "written")) return null;
      await changed;
    }
  }

  async #closeUnread(): Promise<void> {
    if (!this.#isReleased || this.#readers > 0 || this.#isClosed) return;
    this.#isClosed = true;
    await this.#handle.close();
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
