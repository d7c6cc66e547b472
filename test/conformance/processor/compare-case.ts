import type { ProcessedCrash, ProcessedFieldName } from "@mayday/crash";
import type { ProcessorCase, VersionRow } from "./cases.ts";
import { isOfSchema } from "./is-of-schema.ts";
import { comparableNotes } from "./notes.ts";
import { replay } from "./replay.ts";
import { isSame } from "./same-value.ts";
import { emulated, type Fault, faultsOf } from "./socorro-faults.ts";
import { versionsOf } from "./versions.ts";

export interface Comparison {
  /** Fields that differ, and nothing explains it. */
  readonly differs: readonly string[];
  /** `field: reason` of those that differ by a fault of Socorro's. */
  readonly named: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Of time, or what Socorro has no such field for. */
const NOT_COMPARED: ReadonlySet<string> = new Set<string>([
  "started_datetime",
  "completed_datetime",
  "schema_version",
  "processing_history",
  "signature_steps",
  "phc_alloc_frames",
  "phc_free_frames",
] satisfies ProcessedFieldName[]);

/** Compares what ours makes of a case with what Socorro made. */
export async function compareCase(one: ProcessorCase, versions: readonly VersionRow[]): Promise<Comparison> {
  const ours = comparable(await replay(one, { findVersion: versionsOf(versions) }));
  const different = differences(ours, one.expected);
  if (different.length === 0) return { differs: [], named: [] };

  const faults = faultsOf(one);
  const withFaults = comparable(await emulated(one, versions, faults));
  const left = new Set(differences(withFaults, one.expected));
  const differs = different.filter(
    (field) => left.has(field) && plainReason(field, withFaults, one, ours) === undefined,
  );
  const explained = different.filter((field) => !differs.includes(field));
  const named: string[] = [];
  for (const field of explained) {
    const reasons = left.has(field) ? [] : await reasonsOf(field, one, versions, faults);
    const plain = plainReason(field, withFaults, one, ours);
    named.push(
      ...[...reasons, ...(plain === undefined ? [] : [plain])].map((reason) => `${field}: ${reason}`),
    );
    // Equal with all faults, and no single one matters: they only do together, which is no explanation.
    if (reasons.length === 0 && plain === undefined) differs.push(field);
  }
  return { differs, named };
}

/** The faults without which the field would not be as Socorro's. */
async function reasonsOf(
  field: string,
  one: ProcessorCase,
  versions: readonly VersionRow[],
  faults: readonly Fault[],
): Promise<string[]> {
  const reasons: string[] = [];
  for (const fault of faults) {
    const without = comparable(
      await emulated(
        one,
        versions,
        faults.filter((other) => other !== fault),
      ),
    );
    if (!sameField(field, without, one.expected)) reasons.push(fault.name);
  }
  return reasons;
}

/** Why a field differs, where the two values themselves tell it. */
function plainReason(
  field: string,
  ours: Fields,
  { expected, failedRules }: ProcessorCase,
  withoutFaults: Fields,
): string | undefined {
  if (sameField(field, ours, expected)) return undefined;
  const [our, their] = [ours[field], expected[field]];
  if (field === "processor_notes") {
    const [ourNotes, theirNotes] = [comparableNotes(String(our)), comparableNotes(String(their))];
    if (isSame(ourNotes, theirNotes)) return "notes quote no values";
    if (
      isSame(
        ourNotes.filter((note) => !OURS_ALONE.test(note)),
        theirNotes,
      )
    )
      return "notes say what was left out";
    // What a rule noted before it failed; ours, which goes on, notes it too.
    const own = comparableNotes(String(withoutFaults["processor_notes"]));
    const more = theirNotes.filter((note) => !ourNotes.includes(note));
    const isRest = isSame(
      ourNotes,
      theirNotes.filter((note) => !more.includes(note)),
    );
    if (Object.keys(failedRules).length > 0 && isRest && more.every((note) => own.includes(note)))
      return "notes quote no values";
    const isOther = (note: string) => !/^Sig\w+: /.test(note);
    const isSameElse = isSame(ourNotes.filter(isOther), theirNotes.filter(isOther));
    return failedSignatureRule(expected) && isSameElse
      ? "a rule of the signature fails on such a value"
      : undefined;
  }
  if (field === "memory_report_error") {
    return isSame(comparableNotes(String(our)), comparableNotes(String(their)))
      ? "notes quote no values"
      : undefined;
  }
  if (their !== undefined && !isOfSchema(field, their))
    return "what is not of its field's type is left out or stored as text";
  if (SIGNATURE_FIELDS.has(field) && failedSignatureRule(expected))
    return "a rule of the signature fails on such a value";
  return undefined;
}

/** What of a report was left out, where Socorro says nothing. */
const OURS_ALONE = /^(?:\S+ has a non-string value|PHC\w+ (?:has a non-int value|is no list of addresses))$/;

const SIGNATURE_FIELDS: ReadonlySet<string> = new Set([
  "signature",
  "signature_debug",
  "proto_signature",
  "crashing_thread",
]);

function failedSignatureRule(expected: Fields): boolean {
  return /^\w+: Rule failed: /m.test(String(expected["processor_notes"]));
}

function differences(ours: Fields, theirs: Fields): string[] {
  const fields = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...fields].filter((field) => !NOT_COMPARED.has(field) && !sameField(field, ours, theirs));
}

function sameField(field: string, ours: Fields, theirs: Fields): boolean {
  if (Object.hasOwn(ours, field) !== Object.hasOwn(theirs, field)) return false;
  return isSame(ours[field], theirs[field]);
}

/** Ours as the answers are written: without what is never twice the same. */
function comparable(processed: ProcessedCrash): Fields {
  const out: Record<string, unknown> = { ...processed };
  const notes = String(processed.processor_notes).split("\n").slice(1);
  out["processor_notes"] = notes.join("\n");
  const withoutVersion = (walk: Record<string, unknown>) =>
    walk["stackwalk_version"] === undefined ? walk : { ...walk, stackwalk_version: "<version>" };
  for (const [name, value] of Object.entries(out))
    if (name.startsWith("upload_file_minidump")) out[name] = withoutVersion(value as Record<string, unknown>);
  return withoutVersion(out);
}
