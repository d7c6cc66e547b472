import type { Publisher } from "@mayday/queue";
import type { FirstSeen, Records } from "@mayday/records";
import type { CrashStorage } from "@mayday/storage";
import { Random } from "./random.ts";
import { type SampleCrash, sampleCrash } from "./sample-crash.ts";

const SEED = 1;
const AT_ONCE = 32;

/** Where the sample goes. */
export interface SampleParts {
  readonly storage: Pick<CrashStorage, "saveReport" | "saveProcessed">;
  readonly publisher: Pick<Publisher, "publishIndexing">;
  /** Told when each signature was seen first: the scheduler looks at crashes by their date, and these are older than it has seen. */
  readonly signatures: Pick<Records["signatures"], "see">;
  readonly now: Date;
  /** Told after each batch how many more are there. */
  readonly onProgress: (more: number) => void;
}

/** Puts crashes of invented products into storage, processed, and asks for them to be indexed. */
export async function loadSample(count: number, parts: SampleParts): Promise<void> {
  const { storage, publisher, signatures, now, onProgress } = parts;
  const random = new Random(SEED);
  for (let done = 0; done < count; ) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - done) }, () => sampleCrash(random, now));
    await Promise.all(
      batch.map(async ({ id, raw, processed }) => {
        await storage.saveReport(raw, new Map());
        await storage.saveProcessed(id, processed);
        await publisher.publishIndexing(id);
      }),
    );
    await signatures.see(batch.map(firstSeen));
    done += batch.length;
    onProgress(batch.length);
  }
}

/** When a crash's signature was seen first, where no older one has it. */
export function firstSeen({ processed }: SampleCrash): FirstSeen {
  const { signature = "", build, date_processed: date = "" } = processed;
  return { signature, firstBuild: String(build ?? ""), firstDate: String(date) };
}
