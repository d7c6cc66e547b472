import { join } from "node:path";
import type { ObjectStore } from "../object-store.ts";

/** Where crashes are stored, as the settings of that name say. */
export interface CrashStoreSettings {
  readonly MAYDAY_DATA_DIR: string;
  readonly CRASH_STORE: "fs" | "s3" | "gcs";
  readonly CRASH_STORE_BUCKET: string;
  readonly CRASH_STORE_REGION: string;
  readonly CRASH_STORE_ENDPOINT: string;
}

/** Opens the store of crashes. Adapters that are not used are not loaded: the clouds' clients are large. */
export async function openCrashObjects(settings: CrashStoreSettings): Promise<ObjectStore> {
  const { CRASH_STORE_BUCKET: bucket, CRASH_STORE_REGION: region, CRASH_STORE_ENDPOINT: address } = settings;
  const place = address === "" ? { bucket } : { bucket, endpoint: address };
  switch (settings.CRASH_STORE) {
    case "s3":
      return (await import("../s3/index.ts")).openS3ObjectStore({ ...place, region });
    case "gcs":
      return (await import("../gcs/index.ts")).openGcsObjectStore(place);
    case "fs":
      return (await import("../fs/index.ts")).openFsObjectStore(join(settings.MAYDAY_DATA_DIR, "crashes"));
  }
}
