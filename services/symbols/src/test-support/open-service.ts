import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger, createMetrics } from "@mayday/observability";
import { createSymbolStorage, type SymbolStorage } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { createSymbolSupply, storedSource, symcacheFolder } from "@mayday/symbols";
import type { FastifyInstance } from "fastify";
import { afterAll } from "vitest";
import { SupplyNotes } from "../symbolicate/module-finder.ts";
import { createSymbolsService } from "../symbols-service.ts";

const MB = 1024 ** 2;

/** A symbols service on a store of its own, gone when the file's tests are done. */
export async function openService(): Promise<{ service: FastifyInstance; storage: SymbolStorage }> {
  const root = await mkdtemp(join(tmpdir(), "mayday-symbols-"));
  const storage = createSymbolStorage(await openFsObjectStore(join(root, "symbols")));
  const notes = new SupplyNotes();
  const supply = createSymbolSupply({
    sources: [storedSource("own store", storage)],
    folder: symcacheFolder(join(root, "symcache")),
    memoryBytes: 64 * MB,
    missesLastMs: 0,
    now: Date.now,
    onEvent: notes.note,
  });
  const service = createSymbolsService({
    storage,
    supply,
    notes,
    limits: { request: { bytes: 64 * MB, ms: 10_000 }, bodyBytes: MB },
    log: createLogger({ service: "symbols", level: "silent", file: "" }),
    metrics: createMetrics(),
  });
  afterAll(async () => {
    await service.close();
    await rm(root, { recursive: true, force: true });
  });
  return { service, storage };
}
