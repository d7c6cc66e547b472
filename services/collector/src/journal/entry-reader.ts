import { blockMemory } from "@mayday/storage/direct-io";

/** Where an entry stands, in whole blocks. */
export interface MovablePlace {
  readonly segment: { readonly path: string; read(bytes: Buffer, at: number): Promise<Buffer> };
  readonly at: number;
  readonly length: number;
  /** Where the entry is in memory, too: `at` in the journal's recent memory. */
  readonly copy?: { readonly at: number } | undefined;
}

/** As much is read at a time. */
export const READ_BYTES = 16 * 1024 * 1024;

/** Gets entries from memory, or reads them, neighbours in one go, into memory that other threads can read as it is. */
export class EntryReader {
  readonly #recent: Buffer;
  #memory: Buffer | undefined;

  /** @param recent the journal's recent memory */
  constructor(recent: Buffer) {
    this.#recent = recent;
  }

  /** The bytes are good until the next call, and until their place is moved. */
  async read<P extends MovablePlace>(places: readonly P[]): Promise<{ place: P; bytes: Buffer }[]> {
    const found: { place: P; bytes: Buffer }[] = [];
    const others: P[] = [];
    for (const place of places) {
      const { copy, length } = place;
      if (copy === undefined) others.push(place);
      else found.push({ place, bytes: this.#recent.subarray(copy.at, copy.at + length) });
    }
    return [...found, ...(await this.#readOthers(others))];
  }

  async #readOthers<P extends MovablePlace>(places: readonly P[]): Promise<{ place: P; bytes: Buffer }[]> {
    const found: { place: P; bytes: Buffer }[] = [];
    const memory = this.#memoryFor(places.reduce((sum, { length }) => sum + length, 0));
    let used = 0;
    for (const run of neighbours(places)) {
      const { segment, at: start } = run[0] as P;
      const length = run.reduce((sum, place) => sum + place.length, 0);
      const bytes = await segment.read(memory.subarray(used, used + length), start);
      for (const place of run) {
        found.push({ place, bytes: bytes.subarray(place.at - start, place.at - start + place.length) });
      }
      used += length;
    }
    return found;
  }

  #memoryFor(bytes: number): Buffer {
    if (bytes > READ_BYTES) return blockMemory(bytes, { shared: true });
    this.#memory ??= blockMemory(READ_BYTES, { shared: true });
    return this.#memory;
  }
}

/** Runs of places that follow each other in one file. */
function neighbours<P extends MovablePlace>(places: readonly P[]): P[][] {
  const runs: P[][] = [];
  let end: P | undefined;
  for (const place of places) {
    const follows =
      end !== undefined && place.segment.path === end.segment.path && place.at === end.at + end.length;
    if (follows) runs.at(-1)?.push(place);
    else runs.push([place]);
    end = place;
  }
  return runs;
}
