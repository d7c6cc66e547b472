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

  it("go on where the records are away", async () => {
    const log = { warn: vi.fn() };
    const save = () => Promise.reject(new Error("gone"));
    const uploads = listedUploads(storedUploads(await openFsObjectStore(folder)), { save }, log);
    await uploads.save(upload(7));
    expect(await uploads.read(7)).toMatchObject({ id: 7 });
    expect(log.warn).toHaveBeenCalledOnce();
  });
});
