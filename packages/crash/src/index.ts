export { type CrashId, collectionDay, dayOf, findCrashId, newCrashId, parseCrashId } from "./crash-id.ts";
export { type ErrorCode, errorCodes, errorLine, MaydayError } from "./errors.ts";
export { type ExactNumber, exactNumber, isExactNumber, parseExactJson } from "./exact-json.ts";
export {
  type FieldType,
  type ProcessedCrash,
  type ProcessedField,
  type ProcessedFieldName,
  processedSchema,
  type Visibility,
} from "./processed-schema.ts";
export {
  type Annotations,
  type Attachment,
  type CollectorMetadata,
  type Dumps,
  MAIN_DUMP,
  type RawCrash,
  timestamp,
} from "./raw-crash.ts";
export { redactProcessedCrash, redactRawCrash } from "./visibility.ts";
