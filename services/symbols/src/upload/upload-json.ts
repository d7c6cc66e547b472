import type { Upload } from "../uploads/uploads.ts";

/** An upload as the answer to it tells, in Tecken's shape. */
export function uploadJson(upload: Upload, bucket: string): Record<string, unknown> {
  return {
    id: upload.id,
    size: upload.size,
    filename: upload.filename,
    bucket,
    download_url: upload.downloadUrl,
    try_symbols: upload.isTry,
    redirect_urls: upload.redirectUrls,
    completed_at: upload.completedAt,
    created_at: upload.createdAt,
    user: upload.user,
    skipped_keys: upload.skippedKeys,
  };
}
