import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { MaydayError } from "@mayday/errors";
import { type ByteSource, fileSource } from "@mayday/minidump";

/** A dump's file, of any size, of which only what is looked at is read. */
export interface OpenDump extends Disposable {
  readonly source: ByteSource;
}

/** @throws {MaydayError} FILE_UNREADABLE, here and where it is read */
export function openDump(path: string): OpenDump {
  const descriptor = attempt(path, () => openSync(path, "r"));
  const close = () => closeSync(descriptor);
  try {
    const length = attempt(path, () => fstatSync(descriptor).size);
    const fill = (into: Uint8Array, at: number) => attempt(path, () => fillFrom(descriptor, into, at));
    return { source: fileSource({ length, fill }), [Symbol.dispose]: close };
  } catch (error) {
    close();
    throw error;
  }
}

function fillFrom(descriptor: number, into: Uint8Array, at: number): void {
  for (let done = 0; done < into.length; ) {
    const count = readSync(descriptor, into, done, into.length - done, at + done);
    if (count === 0) throw Object.assign(new Error("the file was cut"), { code: "CUT" });
    done += count;
  }
}

function attempt<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new MaydayError("FILE_UNREADABLE", `${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
}
