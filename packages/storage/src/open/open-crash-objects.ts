import { join } from "node:path";
import type { ObjectStore } from "../object-store.ts";
import type { PackingStore } from "../packing-store.ts";

/** Where crashes are stored, as the settings of that name say. */
export interface CrashStoreSettings {
  readonly MAYDAY_DATA_DIR: string;
  readonly CRASH_STORE: "fs" | "pack" | "s3" | "gcs";
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
      return openCrashFiles(crashesFolder(settings));
    case "pack":
      return openCrashPacks(settings);
  }
}

/** The file system's store; what is in packs from another time is found all the same. */
async function openCrashFiles(folder: string): Promise<ObjectStore> {
  const { hasPacks, openPackObjectStore } = await import("../pack/index.ts");
  if (hasPacks(folder)) return openPackObjectStore(folder, { groupsIn: "files" });
  return (await import("../fs/index.ts")).openFsObjectStore(folder);
}

/** Opens the packs in the data folder. */
export async function openCrashPacks(
  settings: Pick<CrashStoreSettings, "MAYDAY_DATA_DIR">,
): Promise<PackingStore> {
  return (await import("../pack/index.ts")).openPackObjectStore(crashesFolder(settings));
}

function crashesFolder({ MAYDAY_DATA_DIR }: Pick<CrashStoreSettings, "MAYDAY_DATA_DIR">): string {
  return join(MAYDAY_DATA_DIR, "crashes");
}
