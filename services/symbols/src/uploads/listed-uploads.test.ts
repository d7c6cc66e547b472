import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UploadRecord } from "@mayday/records";
import { openFsObjectStore } from "@mayday/storage/fs";
import { afterAll, describe, expect, it, vi } from "vitest";
import { listedUploads } from "./listed-uploads.ts";
import { storedUploads } from "./stored-uploads.ts";
import type { Upload } from "./uploads.ts";

const folder = mkdtempSync(join(tmpdir(), "mayday-uploads-"));
afterAll(() => rmSync(folder, { recursive: true }));

const upload = (id: number): Upload => ({
  id,
  user: "ci@example.org",
  filename: "symbols.zip",
  size: 1000,
  isTry: false,
  downloadUrl: null,
  redirectUrls: [],
  skippedKeys: ["a.pdb/1/a.sym"],
  ignoredKeys: [],
  createdAt: "2026-11-22T14:00:00.000Z",
  completedAt: "2026-11-22T14:00:01.000Z",
  files: [],
});

describe("uploads that are listed", () => {
  it("have a line each that follows what is noted of them", async () => {
    const saved = new Map<string, UploadRecord>();
    const log = { warn: vi.fn() };
    const save = async (record: UploadRecord) => void saved.set(record.id, record);
    const uploads = listedUploads(storedUploads(await openFsObjectStore(folder)), { save }, log);
    await uploads.save(upload(7));
    expect(saved.get("7")).toMatchObject({
      owner: "ci@example.org",
      state: "completed",
      detail: { archive: "symbols.zip", files: 0, skipped: 1, problems: 0 },
    });
    await uploads.noteHealing(7, "h1", { asked: 5, healed: 4, changed: 2, isOver: true });
    await vi.waitFor(() =>
      expect(saved.get("7")?.detail).toMatchObject({ healing: { asked: 5, healed: 4, changed: 2 } }),
    );
    expect(log.warn).not.toHaveBeenCalled();
  });

  it("tell which of their files wait for a symcache, until each has one or never will", async () => {
    const saved = new Map<string, UploadRecord>();
    const save = async (record: UploadRecord) => void saved.set(record.id, record);
    const uploads = listedUploads(
      storedUploads(await openFsObjectStore(folder)),
      { save },
      { warn: vi.fn() },
    );
    const file = (key: string, symcache?: "waiting") => ({
      ...{ key, update: false, compressed: true, storedSize: 1, size: 1, md5: "", problems: [] },
      ...{ completedAt: "2026-11-22T14:00:00.000Z", ...(symcache && { symcache }) },
    });
    const keys = ["a.so/1/a.sym", "b.so/2/b.sym"];
    const files = [...keys.map((key) => file(key, "waiting")), file("c.pdb/3/c.pdb")];
    await uploads.save({ ...upload(8), files });
    expect(saved.get("8")?.detail.waiting).toEqual(keys);
    await uploads.noteFile(8, keys[0]!, { symcache: "built" });
    await vi.waitFor(() => expect(saved.get("8")?.detail.waiting).toEqual([keys[1]]));
    await uploads.noteFile(8, keys[1]!, { symcache: "failed" }, ["it is no symbol file"]);
    await vi.waitFor(() => expect(saved.get("8")?.detail.waiting).toEqual([]));
  });

  it("go on where the records are away", async () => {
    const log = { warn: vi.fn() };
    const save = () => Promise.reject(new Error("gone"));
    const uploads = listedUploads(storedUploads(await openFsObjectStore(folder)), { save }, log);
    await uploads.save(upload(7));
    expect(await uploads.read(7)).toMatchObject({ id: 7 });
    expect(log.warn).toHaveBeenCalledOnce();
  });
});
