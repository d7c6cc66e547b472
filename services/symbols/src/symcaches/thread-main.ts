import { workerData } from "node:worker_threads";
import { createSymbolStorage } from "@mayday/storage";
import { openSymbolObjects, type SymbolStoreSettings } from "@mayday/storage/open";
import { type BuiltSymcache, buildStored } from "./build-stored.ts";
import type { BuildOutcome, BuildRequest } from "./symcache-builder.ts";

const objects = await openSymbolObjects(workerData as SymbolStoreSettings);

/** The task of a building thread. Errors lose their codes on the way out of a thread; so outcomes are told. */
export default async function buildInThread({ key, tree }: BuildRequest): Promise<BuildOutcome> {
  try {
    const built: BuiltSymcache | undefined = await buildStored(createSymbolStorage(objects, tree), key);
    return built === undefined ? { kind: "gone" } : { kind: "built", built };
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    if (code === "SYMBOLS_MALFORMED" || /^Z_/.test(String(code))) return { kind: "malformed", why: message };
    throw error;
  }
}
