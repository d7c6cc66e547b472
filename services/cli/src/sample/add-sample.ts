import { createPublisher } from "@mayday/queue";
import { openRecords, type RecordsSettings } from "@mayday/records/open";
import { createCrashStorage } from "@mayday/storage";
import { type CrashStoreSettings, openCrashObjects } from "@mayday/storage/open";
import { progressOn } from "../progress.ts";
import { loadSample } from "./load-sample.ts";

/** Adds a sample of so many crashes to a pipeline that runs, and tells how far it is. */
export async function addSample(
  count: number,
  settings: CrashStoreSettings & RecordsSettings & { readonly REDIS_URL: string },
): Promise<void> {
  const storage = createCrashStorage(await openCrashObjects(settings, "page"));
  const publisher = createPublisher(settings.REDIS_URL, () => undefined);
  const records = await openRecords(settings);
  const progress = progressOn(process.stdout, (done) => `sample: ${done} of ${count} crashes`);
  try {
    const onProgress = (more: number) => progress.add(more);
    await loadSample(count, {
      storage,
      publisher,
      signatures: records.signatures,
      now: new Date(),
      onProgress,
    });
  } finally {
    progress.end();
    await Promise.all([publisher.close(), records.close()]);
  }
  console.log(
    `sample: ${count} crashes of the last 28 days are stored; they can be searched as soon as they are indexed`,
  );
}
