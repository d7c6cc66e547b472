export { type CrashId, collectionDay, dayOf, findCrashId, newCrashId, parseCrashId } from "./crash-id.ts";
export { type ExactNumber, exactNumber, isExactNumber, parseExactJson } from "./exact-json.ts";
export { type MissingModuleName, missingModuleIn } from "./missing-module.ts";
export { isPermission, type Permission, permissions, permissionTitles } from "./permissions.ts";
export { type PingBody, pingAnnotations, valueAt } from "./ping/ping-annotations.ts";
export { documentIdIn, pingIdOf } from "./ping/ping-id.ts";
export {
  type PingFrame,
  type PingModule,
  type PingStack,
  pingStack,
} from "./ping/ping-stack.ts";
export {
  type Annotations,
  type Attachment,
  type CollectorMetadata,
  type Dumps,
  MAIN_DUMP,
  type RawCrash,
  type SubmittedAnnotations,
  timestamp,
} from "./raw-crash.ts";
export { type Annotation, type AnnotationName, annotations, type Visibility } from "./schema/annotations.ts";
export type { FieldType, FieldValueOf, ProcessedField, SearchUse } from "./schema/field.ts";
export type { JavaException, JavaFrame } from "./schema/java-exception.ts";
export {
  isPingField,
  type PingSource,
  type ProcessedPing,
  pingSources,
  processedPingSchema,
} from "./schema/ping.ts";
export {
  type AsRead,
  type ProcessedCrash,
  type ProcessedFieldName,
  processedSchema,
  type WalkedDump,
} from "./schema/processed-crash.ts";
export type { ProcessingReason, ProcessingRun } from "./schema/processing-run.ts";
export { SCHEMA_VERSION } from "./schema/schema-version.ts";
export type {
  CrashInfoJson,
  FrameJson,
  InlineJson,
  ModuleJson,
  StackJson,
  SystemInfoJson,
  ThreadJson,
  UnloadedModuleJson,
} from "./schema/stack-json.ts";
export { upgradeProcessedCrash } from "./schema/upgrade.ts";
export { redactProcessedCrash, redactRawCrash } from "./visibility.ts";
