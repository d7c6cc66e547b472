import { errorLine } from "@mayday/errors";
import type { Logger } from "@mayday/observability";
import type { Attempt, SymcacheJob } from "@mayday/queue";
import { textOfKey, type UploadedFile, type Uploads } from "../uploads/uploads.ts";
import type { Arrivals } from "./arrivals.ts";
import type { BuildOutcome, SymcacheBuilder } from "./symcache-builder.ts";

export interface SymcacheHandling {
  readonly builder: SymcacheBuilder;
  readonly uploads: Uploads;
  readonly arrivals: Arrivals;
  readonly log: Logger;
}

/**
 * Does a job of the queue: builds the symcache, tells so on the upload, then those who wait for the symbols. What cannot
 * succeed is not tried again.
 */
export async function handleSymcache(
  job: SymcacheJob,
  { isLast }: Attempt,
  { builder, uploads, arrivals, log }: SymcacheHandling,
): Promise<void> {
  const { isTry, isFetched = false, uploadId, ...key } = job;
  const tree = isTry ? "try/v1" : isFetched ? "fetched/v1" : "v1";
  let outcome: BuildOutcome;
  try {
    outcome = await builder.build({ key, tree });
  } catch (error) {
    if (isLast) await note(uploads, job, { symcache: "failed" }, [`its symcache: ${errorLine(error)}`]);
    throw error;
  }
  log.info({ key: textOfKey(key), outcome: outcome.kind }, "symcache");
  if (outcome.kind === "gone") {
    await note(uploads, job, { symcache: "failed" }, ["its symbol file was removed"]);
    return;
  }
  if (outcome.kind === "malformed") {
    await note(uploads, job, { symcache: "failed" }, [outcome.why]);
    return;
  }
  const { badLines, badSamples, debugFile, debugId, codeFile, codeId } = outcome.built;
  const problems = badLines === 0 ? [] : [`${badLines} lines cannot be read: ${badSamples.join("; ")}`];
  await note(uploads, job, { symcache: "built" }, problems);
  // Crashes are not walked with the symbols of try builds.
  if (isTry) return;
  await arrivals.arrived({
    debugFile,
    debugId,
    codeFile,
    codeId,
    ...(uploadId !== undefined && { uploadId }),
  });
}

/** Notes on the upload what became of a file; it may not have been saved yet, or be gone. */
async function note(
  uploads: Uploads,
  { isTry: _isTry, isFetched: _isFetched, uploadId, ...key }: SymcacheJob,
  facts: Pick<UploadedFile, "symcache">,
  problems: readonly string[],
): Promise<void> {
  if (uploadId === undefined) return;
  await uploads.noteFile(uploadId, textOfKey(key), facts, problems);
}
