import { join } from "node:path";
import type { ObjectStore } from "../object-store.ts";
import type { Patience } from "../patience.ts";

type StoreKind = "fs" | "s3" | "gcs";

/** Where crashes are stored, as the settings of that name say. */
export interface CrashStoreSettings {
  readonly MAYDAY_DATA_DIR: string;
  readonly CRASH_STORE: StoreKind;
  readonly CRASH_STORE_BUCKET: string;
  readonly CRASH_STORE_REGION: string;
  readonly CRASH_STORE_ENDPOINT: string;
}

/** Where symbols are stored, as the settings of that name say. */
export interface SymbolStoreSettings {
  readonly MAYDAY_DATA_DIR: string;
  readonly SYMBOL_STORE: StoreKind;
  readonly SYMBOL_STORE_BUCKET: string;
  readonly SYMBOL_STORE_REGION: string;
  readonly SYMBOL_STORE_ENDPOINT: string;
}

/** Opens the store of crashes. @param patience whether a page waits for it */
export function openCrashObjects(
  settings: CrashStoreSettings,
  patience: Patience = "background",
): Promise<ObjectStore> {
  return openStore(settings.CRASH_STORE, {
    folder: join(settings.MAYDAY_DATA_DIR, "crashes"),
    bucket: settings.CRASH_STORE_BUCKET,
    region: settings.CRASH_STORE_REGION,
    address: settings.CRASH_STORE_ENDPOINT,
    patience,
  });
}

/** Opens the store of symbols. @param patience whether a page waits for it */
export function openSymbolObjects(
  settings: SymbolStoreSettings,
  patience: Patience = "background",
): Promise<ObjectStore> {
  return openStore(settings.SYMBOL_STORE, {
    folder: join(settings.MAYDAY_DATA_DIR, "symbols"),
    bucket: settings.SYMBOL_STORE_BUCKET,
    region: settings.SYMBOL_STORE_REGION,
    address: settings.SYMBOL_STORE_ENDPOINT,
    patience,
  });
}

interface Place {
  readonly folder: string;
  readonly bucket: string;
  readonly region: string;
  readonly address: string;
  readonly patience: Patience;
}

/** Adapters that are not used are not loaded: the clouds' clients are large. */
async function openStore(kind: StoreKind, place: Place): Promise<ObjectStore> {
  const { folder, bucket, region, address, patience } = place;
  const remote = { bucket, patience, ...(address === "" ? {} : { endpoint: address }) };
  switch (kind) {
    case "s3":
      return (await import("../s3/index.ts")).openS3ObjectStore({ ...remote, region });
    case "gcs":
      return (await import("../gcs/index.ts")).openGcsObjectStore(remote);
    case "fs":
      return (await import("../fs/index.ts")).openFsObjectStore(folder);
  }
}
