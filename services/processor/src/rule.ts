import {
  type AnnotationName,
  annotations,
  type CrashId,
  type ProcessedCrash,
  type ProcessedFieldName,
  processedSchema,
} from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import type { MakeSignature } from "@mayday/signature";
import type { FindSymbols } from "@mayday/symbols";
import type { OpenDumps } from "./open-dumps.ts";
import type { FindVersion } from "./versions/find-version.ts";
import type { Walker } from "./walker/walker.ts";

const collectorFields = ["uuid", "submitted_timestamp", "version", "metadata"] as const;

/** What a rule may read of the raw crash by name: the annotations of the table and what the collector added. */
export type RawName = AnnotationName | (typeof collectorFields)[number];

/** The raw crash as rules read it, with any values. */
type RawFields = { [name in RawName]?: unknown };

/** What rules work on: each reads the report and writes into `processed`. */
export interface CrashInProcess {
  readonly crashId: CrashId;
  /** A copy of the raw crash that rules may clean up; what is stored never changes. */
  readonly raw: RawFields;
  readonly dumps: OpenDumps;
  readonly processed: ProcessedCrash;
  /** Told to who reads the crash. They are public: no values of annotations. */
  readonly notes: string[];
}

/** What rules may use. */
export interface RuleTools {
  readonly walker: Walker;
  readonly makeSignature: MakeSignature;
  readonly findVersion: FindVersion;
  /** Symbols of modules, where a rule has addresses of its own. */
  readonly find: FindSymbols;
}

/**
 * One step of processing. A rule that throws leaves a note, and the rules behind it still run; but PROCESSING_INTERRUPTED
 * is nothing of the crash's: it ends the processing, and nothing is saved.
 */
export interface Rule {
  /** Socorro's name of it: it stands in notes and metrics, which people search. */
  readonly name: string;
  /** `all` for a rule that goes through every annotation. */
  readonly annotations: readonly RawName[] | "all";
  /** Fields of the processed crash that rules before it wrote. */
  readonly reads: readonly ProcessedFieldName[];
  readonly writes: readonly ProcessedFieldName[];
  act(crash: CrashInProcess, tools: RuleTools): void | Promise<void>;
}

/** The part of a crash that a rule said it would touch; a name it did not say does not compile. */
interface CrashPart<A extends RawName, R extends ProcessedFieldName, W extends ProcessedFieldName> {
  readonly crashId: CrashId;
  readonly raw: { readonly [name in A]?: unknown };
  readonly dumps: OpenDumps;
  readonly processed: Readonly<Pick<ProcessedCrash, Exclude<R, W>>> & Pick<ProcessedCrash, W>;
  readonly notes: string[];
}

interface RuleText<A extends RawName, R extends ProcessedFieldName, W extends ProcessedFieldName> {
  readonly name: string;
  readonly annotations?: readonly A[];
  readonly reads?: readonly R[];
  readonly writes?: readonly W[];
  act(crash: CrashPart<A, R, W>, tools: RuleTools): void | Promise<void>;
}

/** A rule of what it reads, what it writes, and what it does. */
export function rule<
  const A extends RawName = never,
  const R extends ProcessedFieldName = never,
  const W extends ProcessedFieldName = never,
>({ name, annotations = [], reads = [], writes = [], act }: RuleText<A, R, W>): Rule {
  return { name, annotations, reads, writes, act: (crash, tools) => act(crash, tools) };
}

/**
 * Checks rules in their order, as is done at start: names are of the tables, and none reads what no rule before it wrote.
 * @param given fields that are there before the first rule
 * @throws {MaydayError} CONFIG_INVALID
 */
export function checkRules(rules: readonly Rule[], given: readonly ProcessedFieldName[] = []): void {
  const written = new Set<string>(given);
  const faults: string[] = [];
  for (const { name, annotations: read, reads, writes } of rules) {
    const unknown = [
      ...(read === "all" ? [] : read).filter(
        (annotation) =>
          !Object.hasOwn(annotations, annotation) &&
          !(collectorFields as readonly string[]).includes(annotation),
      ),
      ...[...reads, ...writes].filter((field) => !Object.hasOwn(processedSchema, field)),
    ];
    for (const one of unknown) faults.push(`${name} names ${one}, which no table has`);
    for (const field of writes) written.add(field);
    for (const field of reads)
      if (!written.has(field)) faults.push(`${name} reads ${field}, which no rule before it writes`);
  }
  if (faults.length > 0) throw new MaydayError("CONFIG_INVALID", faults.join("; "));
}

/** Whether a stop, and no fault of the crash or of a rule, ended the work. */
export function isInterruption(error: unknown): boolean {
  return error instanceof MaydayError && error.code === "PROCESSING_INTERRUPTED";
}
