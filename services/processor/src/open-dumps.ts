import { readSync } from "node:fs";
import { type ByteSource, fileSource, memorySource } from "@mayday/minidump";
import type { OpenObject } from "@mayday/storage";

/** The dumps of a crash and its attachments, by name: in memory, or, where they are too large for it, as open files. */
export type OpenDumps = ReadonlyMap<string, OpenObject>;

/** A dump's bytes, of which those are read that are looked at. */
export function dumpSource(dump: OpenObject): ByteSource {
  if (dump instanceof Uint8Array) return memorySource(dump);
  const { descriptor, length } = dump;
  return fileSource({ length, fill: (into, at) => readWhole(descriptor, into, at) });
}

function readWhole(descriptor: number, into: Uint8Array, at: number): void {
  for (let done = 0; done < into.length; ) {
    const count = readSync(descriptor, into, done, into.length - done, at + done);
    if (count === 0) throw new Error("the dump's file was cut");
    done += count;
  }
}
