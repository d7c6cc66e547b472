import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Logger } from "@mayday/observability";
import type { ObjectInfo, ObjectStore } from "@mayday/storage";
import type { Plans } from "../uploads/plans.ts";
import { isSymbolFile } from "./file-check.ts";
import { inScratchFolder } from "./form.ts";
import type { SymbolShelf } from "./symbol-shelf.ts";
import { plannedPlace, takePlanned } from "./take-planned.ts";
import { UploadProblem } from "./upload-problem.ts";

const PREFIX = "incoming/";

/** Where the store is sent a file of a plan: apart from what is served, under the plan's secret. */
export function incomingKey(secret: string, index: number): string {
  return `${PREFIX}${secret}/${index}`;
}

export interface IncomingParts {
  readonly objects: Pick<ObjectStore, "list" | "info" | "getStream" | "delete">;
  readonly plans: Pick<Plans, "read">;
  readonly shelf: SymbolShelf;
  readonly scratchFolder: string;
  /** A file may be so large as it was sent, bytes. */
  readonly maxBytes: number;
  readonly log: Logger;
}

/**
 * Takes in what clients sent to the store itself: each file is read once, checked as those that come through the service
 * are, and stored where it is served, or told on its upload why it is not; then it is removed. Where that was stopped the
 * next time does it again, which changes nothing.
 */
export async function takeIncoming(parts: IncomingParts, signal?: AbortSignal): Promise<void> {
  const { objects, log } = parts;
  for await (const object of objects.list(PREFIX)) {
    if (signal?.aborted) return;
    try {
      await take(object, parts);
      const now = await objects.info(object.key);
      // Sent again meanwhile: that is looked at, too.
      if (now?.modifiedAt.getTime() === object.modifiedAt.getTime()) await objects.delete([object.key]);
    } catch (error) {
      log.warn({ err: error, key: object.key }, "a file that was sent to the store could not be taken in");
    }
  }
}

async function take({ key: from, size }: ObjectInfo, parts: IncomingParts): Promise<void> {
  const { objects, plans, shelf, scratchFolder, maxBytes } = parts;
  const [, secret = "", index = ""] = from.split("/");
  const place = await plannedPlace(plans, { secret, index });
  if (place === undefined) return;
  const { plan, file, key } = place;
  try {
    if (size > maxBytes) throw new UploadProblem(`The file is larger than ${maxBytes} bytes`, 413);
    await inScratchFolder(scratchFolder, async (folder) => {
      const stream = await objects.getStream(from);
      if (stream === undefined) return;
      const path = join(folder, "file");
      await pipeline(stream, createWriteStream(path));
      await takePlanned(path, place, shelf);
    });
  } catch (error) {
    if (!(error instanceof UploadProblem)) throw error;
    const refused = {
      key: file.key,
      update: false,
      compressed: isSymbolFile(key.symbolFile),
      storedSize: 0,
      size: file.size,
      md5: file.md5,
      completedAt: new Date().toISOString(),
      symcache: "failed" as const,
    };
    await shelf.uploads.noteFile(plan.uploadId, file.key, refused, [`it was not stored: ${error.message}`]);
  }
}
