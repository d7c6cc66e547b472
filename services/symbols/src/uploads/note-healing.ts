import type { HealingJob } from "@mayday/queue";
import type { Uploads } from "./uploads.ts";

/** Notes on an upload what became of the crashes that missed its symbols. */
export function noteHealing(
  uploads: Pick<Uploads, "noteHealing">,
  { uploadId, healing, ...facts }: HealingJob,
): Promise<void> {
  return uploads.noteHealing(uploadId, healing, facts);
}
