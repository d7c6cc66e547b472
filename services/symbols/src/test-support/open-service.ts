import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings } from "@mayday/config";
import { createLogger, createMetrics } from "@mayday/observability";
import type { ObjectStore } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import type { FastifyInstance } from "fastify";
import { afterAll } from "vitest";
import { openParts } from "../open-parts.ts";
import type { SymbolsParts } from "../parts.ts";
import { symbolsSettings } from "../settings.ts";
import { createSymbolsService } from "../symbols-service.ts";

/** A symbols service on a store of its own, and the folder of its data; both are gone when the file's tests are done. */
export interface OpenService {
  readonly service: FastifyInstance;
  readonly parts: SymbolsParts;
  readonly folder: string;
  readonly objects: ObjectStore;
}

export async function openService(environment: NodeJS.ProcessEnv = {}): Promise<OpenService> {
  const folder = await mkdtemp(join(tmpdir(), "mayday-symbols-"));
  const settings = readSettings(symbolsSettings, { MAYDAY_DATA_DIR: folder, ...environment });
  const log = createLogger({ service: "symbols", level: "silent", file: "" });
  const objects = await openFsObjectStore(join(folder, "symbols"));
  const parts = openParts(settings, objects, { log, metrics: createMetrics(), publisher: undefined });
  const service = createSymbolsService(parts);
  afterAll(async () => {
    await service.close();
    // What was fetched is kept and noted behind the answer: the last of it may be on its way still.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return { service, parts, folder, objects };
}
