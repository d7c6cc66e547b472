import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFsObjectStore } from "@mayday/storage/fs";
import { afterAll, describe, expect, it } from "vitest";
import { storedUploads } from "./stored-uploads.ts";

const folder = mkdtempSync(join(tmpdir(), "mayday-stored-uploads-"));
afterAll(() => rmSync(folder, { recursive: true }));

const KEY = "a.pdb/1/a.sym";
const FILE = {
  ...{ key: KEY, update: false, compressed: true, storedSize: 1, size: 1, md5: "", problems: [] },
  ...{ completedAt: "2026-11-22T14:00:00.000Z", symcache: "waiting" as const },
};

describe("stored uploads", () => {
  it("tell of a symcache that was built before it was noted that its file has come", async () => {
    const uploads = storedUploads(await openFsObjectStore(folder));
    await uploads.save({
      ...{ id: 7, user: "ci@example.org", filename: "", size: 1, isTry: false, files: [], plannedFiles: 1 },
      ...{ downloadUrl: null, redirectUrls: [], skippedKeys: [], ignoredKeys: [] },
      ...{ createdAt: "2026-11-22T14:00:00.000Z", completedAt: null },
    });
    await uploads.noteFile(7, KEY, { symcache: "built" }, ["3 lines cannot be read"]);
    expect((await uploads.read(7))?.files).toEqual([]);
    await uploads.noteFile(7, KEY, FILE);
    expect((await uploads.read(7))?.files).toEqual([
      { ...FILE, symcache: "built", problems: ["3 lines cannot be read"] },
    ]);
  });
});
