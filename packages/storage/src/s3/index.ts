export { openS3ObjectStore } from "./s3-object-store.ts";
export type { S3Options } from "./s3-options.ts";
