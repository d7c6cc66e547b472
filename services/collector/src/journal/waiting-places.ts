import { type MovablePlace, READ_BYTES } from "./entry-reader.ts";

/**
 * What is to be moved. What is in memory goes first, since that makes room there for what comes next; at full load the
 * rest waits, and is read when the disk is less busy.
 */
export class WaitingPlaces<P extends MovablePlace> {
  readonly #inMemory: P[] = [];
  readonly #others: P[] = [];

  get count(): number {
    return this.#inMemory.length + this.#others.length;
  }

  add(places: readonly P[]): void {
    for (const place of places) (place.copy === undefined ? this.#others : this.#inMemory).push(place);
  }

  /** The next batch, within both limits but for its first. */
  take(most: { entries: number; bytes: number }): P[] {
    const batch = cut(this.#inMemory, most);
    const bytes = Math.min(READ_BYTES, most.bytes - lengthOf(batch));
    if (batch.length === 0 || bytes >= (this.#others[0]?.length ?? 0)) {
      batch.push(...cut(this.#others, { entries: most.entries - batch.length, bytes }));
    }
    return batch;
  }
}

/** Takes away as many of the first as the limits allow, and one where they allow any. */
function cut<P extends MovablePlace>(places: P[], most: { entries: number; bytes: number }): P[] {
  let bytes = 0;
  let count = 0;
  for (const { length } of places) {
    bytes += length;
    if (count >= most.entries || (count > 0 && bytes > most.bytes)) break;
    count++;
  }
  return places.splice(0, count);
}

function lengthOf(places: readonly MovablePlace[]): number {
  return places.reduce((sum, { length }) => sum + length, 0);
}
