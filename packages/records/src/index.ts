export type { Records } from "./records.ts";
export type { AuditEntry, AuditQuery } from "./tables/audit.ts";
export type { BugLink } from "./tables/bugs.ts";
export type { Deletion } from "./tables/deletions.ts";
export type { Release, ReleaseSource } from "./tables/releases.ts";
export type { FirstSeen } from "./tables/signatures.ts";
export type { NewToken, Token } from "./tables/tokens.ts";
export type { UploadDetail, UploadRecord } from "./tables/uploads.ts";
export type { Usage, UsageOf } from "./tables/usage.ts";
