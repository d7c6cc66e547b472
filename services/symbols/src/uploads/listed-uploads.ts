import type { Logger } from "@mayday/observability";
import type { UploadDetail, UploadRecord } from "@mayday/records";
import type { Upload, Uploads } from "./uploads.ts";

/** Files without a symcache that a line names: when they have one, it names others. */
const MOST_WAITING = 200;
/** Many files of one upload may be noted in a moment; its line is written once they are, ms. */
const SETTLES_MS = 500;

/**
 * Uploads that stand in the records, too, a line each, where the webapp lists them. The symbol store stays what counts: a
 * line that cannot be written is logged, and the upload goes on.
 */
export function listedUploads(
  uploads: Uploads,
  lines: { save(record: UploadRecord): Promise<void> },
  log: Pick<Logger, "warn">,
): Uploads {
  const settling = new Map<number, NodeJS.Timeout>();
  const write = async (id: number) => {
    settling.delete(id);
    try {
      const upload = await uploads.read(id);
      if (upload !== undefined) await lines.save(lineOf(upload));
    } catch (error) {
      log.warn({ err: error, upload: id }, "the list of uploads lags behind");
    }
  };
  const settle = (id: number) => {
    clearTimeout(settling.get(id));
    settling.set(
      id,
      setTimeout(() => void write(id), SETTLES_MS),
    );
  };
  return {
    ...uploads,
    async save(upload) {
      await uploads.save(upload);
      await write(upload.id);
    },
    async noteFile(id, key, facts, problems) {
      await uploads.noteFile(id, key, facts, problems);
      settle(id);
    },
    async noteHealing(id, healing, facts) {
      await uploads.noteHealing(id, healing, facts);
      settle(id);
    },
  };
}

function lineOf(upload: Upload): UploadRecord {
  const { id, createdAt, user, completedAt, files, healing } = upload;
  const detail: UploadDetail = {
    archive: upload.filename,
    bytes: upload.size,
    isTry: upload.isTry,
    files: files.length,
    skipped: upload.skippedKeys.length,
    problems: files.filter(({ problems, symcache }) => problems.length > 0 || symcache === "failed").length,
    waiting: files
      .filter(({ symcache }) => symcache === "waiting")
      .slice(0, MOST_WAITING)
      .map(({ key }) => key),
    ...(healing && { healing }),
  };
  const state = completedAt === null ? "receiving" : "completed";
  return { id: String(id), created: new Date(createdAt), owner: user, state, detail };
}
