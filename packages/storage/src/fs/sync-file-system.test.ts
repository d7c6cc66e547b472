import { closeSync, openSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { canSyncFileSystems, syncFileSystem } from "./sync-file-system.ts";

describe.skipIf(process.platform !== "linux")("syncing a file system (Linux)", () => {
  it("can be done, and says why it could not", () => {
    expect(canSyncFileSystems).toBe(true);
    const folder = openSync(tmpdir(), "r");
    syncFileSystem(folder);
    closeSync(folder);
    expect(() => syncFileSystem(folder)).toThrow("EBADF: the file system could not be synced");
  });
});
