import type { CrashId } from "./crash-id.ts";
import type { AnnotationName } from "./schema/annotations.ts";

/** What a client sent, before anybody looked at it: any names and, where it came as JSON, any values. */
export type SubmittedAnnotations = Record<string, unknown>;

/** The same for code that asks for annotations by name: the compiler knows those of the table. Values may be anything. */
export type Annotations = { [name in AnnotationName]?: unknown };

/** A file that came with a report and is no minidump. */
export interface Attachment {
  /** The form part's name. */
  readonly part: string;
  /** As the client said it; the part's name where it said none. */
  readonly filename: string;
  /** As the client said it; `application/octet-stream` where it said none. */
  readonly content_type: string;
}

/** What the collector adds about the submission itself. Numbers are bytes; shapes are Antenna's. */
export interface CollectorMetadata {
  readonly payload: "json" | "multipart";
  readonly payload_compressed: "0" | "1";
  /** The body as it arrived, compressed or not. */
  readonly payload_size: number;
  readonly collector_notes: readonly string[];
  /** Dump name to SHA-256, hex. */
  readonly dump_checksums: Readonly<Record<string, string>>;
  /** By the name under which they are stored beside the dumps; they stand in `dump_checksums` too. */
  readonly attachments?: Readonly<Record<string, Attachment>>;
  readonly user_agent: string;
  readonly throttle_rule: string;
  /** The share of such reports that was kept, in percent: counts are corrected with it. */
  readonly throttle_percent: number;
}

/** A crash report as stored: the annotations and the collector's own fields. Never changed after collection. */
export type RawCrash = Readonly<Annotations> & {
  readonly uuid: CrashId;
  /** The version of this shape. */
  readonly version: 2;
  /** `YYYY-MM-DDTHH:MM:SS.ffffff+00:00` */
  readonly submitted_timestamp: string;
  readonly metadata: CollectorMetadata;
};

/** Dumps by name; the crashing process's is `upload_file_minidump`. */
export type Dumps = ReadonlyMap<string, Uint8Array>;

export const MAIN_DUMP = "upload_file_minidump";

/** Time as the collector and the processor write it: microseconds and an explicit offset. */
export function timestamp(time: Date): string {
  return `${time.toISOString().slice(0, -1)}000+00:00`;
}
