import { closeSync, openSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { blockMemory } from "./block-memory.ts";
import { canSyncFileSystems, syncFileSystem } from "./system-calls.ts";

describe.skipIf(process.platform !== "linux")("calls that Node does not make (Linux)", () => {
  it("can be made", () => {
    expect(canSyncFileSystems).toBe(true);
  });

  it("sync a file system, and say why they could not", () => {
    const folder = openSync(tmpdir(), "r");
    syncFileSystem(folder);
    closeSync(folder);
    expect(() => syncFileSystem(folder)).toThrow("EBADF: the file system could not be synced");
  });

  it("leave memory as it is when large pages are wished for", () => {
    const memory = blockMemory(8 * 1024 * 1024, { shared: true });
    memory.fill(7);
    expect(memory.every((byte) => byte === 7)).toBe(true);
  });
});
