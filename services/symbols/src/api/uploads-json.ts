import type { Healing, Upload, UploadedFile } from "../uploads/uploads.ts";

/** An upload in a list, in Tecken's shape. */
export function listedUpload(upload: Upload, bucket: string): Record<string, unknown> {
  return { ...commonJson(upload, bucket), files_count: upload.files.length, files_incomplete_count: 0 };
}

/** An upload with its files, and what Tecken does not tell: what is odd about each, and what became of it. */
export function wholeUpload(upload: Upload, bucket: string): Record<string, unknown> {
  const files = upload.files.map((file, index) => ({
    ...fileJson(file, upload, index, bucket),
    problems: file.problems,
    ...(file.symcache && { symcache: file.symcache }),
  }));
  const { asked, healed, changed, isOver, effect } = upload.healing ?? {};
  return {
    ...commonJson(upload, bucket),
    file_uploads: files,
    ...(upload.healing && {
      healing: {
        crashes: asked,
        healed,
        signatures_changed: changed,
        is_over: isOver,
        ...(effect && { frames: { before: effect.before, after: effect.after }, changes: effect.changes }),
        text: healingText(upload.healing),
      },
    }),
  };
}

/** For people: `healed 3 crashes, 2 signatures changed`. */
function healingText({ asked, healed, changed, isOver }: Healing): string {
  const done = `healed ${counted(healed, "crash", "crashes")}, ${counted(changed, "signature", "signatures")} changed`;
  return isOver ? done : `${done}; ${asked - healed} wait`;
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

function commonJson(upload: Upload, bucket: string): Record<string, unknown> {
  return {
    id: upload.id,
    user: { email: upload.user },
    filename: upload.filename,
    size: upload.size,
    bucket_name: bucket,
    skipped_keys: upload.skippedKeys,
    ignored_keys: upload.ignoredKeys,
    try_symbols: upload.isTry,
    download_url: upload.downloadUrl,
    redirect_urls: upload.redirectUrls,
    completed_at: upload.completedAt,
    created_at: upload.createdAt,
  };
}

/** A file of an upload; its id is the upload's and its place there. */
function fileJson(
  file: UploadedFile,
  upload: Upload,
  index: number,
  bucket: string,
): Record<string, unknown> {
  return {
    id: `${upload.id}.${index}`,
    bucket_name: bucket,
    key: file.key,
    update: file.update,
    compressed: file.compressed,
    size: file.storedSize,
    completed_at: file.completedAt,
    created_at: upload.createdAt,
  };
}

/** A file in a list of files. */
export function listedFile(upload: Upload, index: number, bucket: string): Record<string, unknown> {
  const { id, isTry, user, createdAt } = upload;
  return {
    ...fileJson(upload.files[index] as UploadedFile, upload, index, bucket),
    upload: {
      id,
      upload_type: isTry ? "try" : "regular",
      try_symbols: isTry,
      user: { email: user },
      created_at: createdAt,
    },
  };
}

/** A file by itself. */
export function wholeFile(upload: Upload, index: number, bucket: string): Record<string, unknown> {
  const file = upload.files[index] as UploadedFile;
  const { debugFile, debugId, codeFile, codeId, generator } = file.header ?? {};
  return {
    ...fileJson(file, upload, index, bucket),
    url: `${upload.isTry ? "/try" : ""}/${file.key}`,
    debug_filename: debugFile ?? null,
    debug_id: debugId ?? null,
    code_file: codeFile ?? null,
    code_id: codeId ?? null,
    generator: generator ?? null,
    problems: file.problems,
    upload: commonJson(upload, bucket),
  };
}
