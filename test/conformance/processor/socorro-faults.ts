import {
  type FieldType,
  isExactNumber,
  type ProcessedCrash,
  type ProcessedField,
  processedSchema,
} from "@mayday/crash";
import type { CrashInProcess, Rule } from "../../../services/processor/src/rule.ts";
import { rulesets } from "../../../services/processor/src/rulesets.ts";
import type { FindVersion } from "../../../services/processor/src/versions/find-version.ts";
import type { ProcessorCase, VersionRow } from "./cases.ts";
import { replay } from "./replay.ts";
import { socorroVersions, versionsOf } from "./versions.ts";

/** A fault of Socorro's that ours does not have, and how it would act. */
export interface Fault {
  readonly name: string;
  /** Whether the case can show it. */
  applies(one: ProcessorCase): boolean;
  /** Acts instead of one rule, `act` being ours. */
  readonly rules?: Readonly<
    Record<string, (crash: CrashInProcess, act: () => Promise<void>, one: ProcessorCase) => Promise<void>>
  >;
  readonly socorroVersions?: boolean;
  /** Whether fields of the earlier document are there when processing begins. */
  readonly beginsWithPrevious?: boolean;
}

const schema = processedSchema as Readonly<Record<string, ProcessedField>>;
type Fields = Record<string, unknown>;

/** The copied fields in the order of Socorro's schema. */
const copied = Object.entries(schema)
  .flatMap(([name, { source, type }]) => (source === undefined ? [] : [{ name, source, type }]))
  .sort((a, b) => sortKey(a.name).localeCompare(sortKey(b.name), "en"));

function sortKey(name: string): string {
  return name.startsWith("adapter_") ? `0${name}` : `1${name}`;
}

/** Whether Python cannot make a value of this type of it, and says so by an exception. */
function throwsIn(type: FieldType, value: unknown): boolean {
  if (value === undefined || value === null) return false;
  const isContainer = typeof value === "object" && !isExactNumber(value);
  if (type === "string") return typeof value !== "string";
  return (type === "integer" || type === "number") && isContainer;
}

const hasRaw = (one: ProcessorCase, test: (name: string, value: unknown) => boolean) =>
  Object.entries(one.raw).some(([name, value]) => test(name, value));

const faults: readonly Fault[] = [
  {
    name: "one value of a wrong type ends the copying of all behind it",
    applies: (one) => "CopyFromRawCrashRule" in one.failedRules,
    rules: {
      async CopyFromRawCrashRule(crash, act) {
        const raw: Fields = { ...crash.raw };
        await act();
        let parsed = false;
        let isOver = false;
        for (const { name, source, type } of copied) {
          const value = raw[source];
          isOver ||= throwsIn(type, value);
          // The variable that an object is read into is not set where the value is no text.
          if (type === "object" && value !== undefined) {
            if (typeof value === "string") parsed ||= isJson(value);
            else if (!parsed) isOver = true;
          }
          if (!isOver) continue;
          delete (crash.processed as Fields)[name];
          for (const note of crash.notes.filter((text) => text.startsWith(`${source} `)))
            remove(crash.notes, note);
        }
        if (isOver) noteFailure(crash, "CopyFromRawCrashRule");
      },
    },
  },
  {
    name: "an annotation that came as an object gets the object of the one before it",
    applies: (one) =>
      typeof one.raw["TelemetryEnvironment"] === "object" && typeof one.raw["JavaException"] === "string",
    rules: {
      async CopyFromRawCrashRule(crash, act) {
        await act();
        if (crash.processed.telemetry_environment !== undefined)
          crash.processed.telemetry_environment = JSON.parse(String(crash.raw.JavaException));
      },
    },
  },
  {
    name: "one value of a wrong type within the environment costs all of it",
    applies: ({ expected }) =>
      String(expected["processor_notes"]).includes(
        "TelemetryEnvironment value is malformed telemetry_environment",
      ),
    rules: {
      async CopyFromRawCrashRule(crash, act) {
        await act();
        if (crash.processed.telemetry_environment === undefined) return;
        delete crash.processed.telemetry_environment;
        const at = crash.notes.length;
        crash.notes.splice(at, 0, "TelemetryEnvironment value is malformed telemetry_environment");
      },
    },
  },
  {
    name: "numbers that JSON has not are stored",
    applies: (one) => hasRaw(one, (name, value) => name === "UptimeTS" && nonFinite(value) !== undefined),
    rules: {
      async CopyFromRawCrashRule(crash, act) {
        await act();
        const value = nonFinite(crash.raw.UptimeTS);
        Object.assign(crash.processed, { uptime_ts: { $nonfinite: value } });
        remove(crash.notes, "UptimeTS has a non-float value");
      },
    },
  },
  {
    name: "an annotation whose name has a null byte is lost",
    applies: (one) => hasRaw(one, (name) => name.includes("\0")),
    rules: {
      async DeNullRule(crash, act) {
        const raw: Fields = crash.raw;
        for (const [name, value] of Object.entries(raw)) {
          if (!name.includes("\0")) continue;
          delete raw[name];
          if (typeof value === "string" && value.includes("\0"))
            raw[name.replaceAll("\0", "")] = value.replaceAll("\0", "");
        }
        await act();
      },
    },
  },
  {
    name: "esr is appended to a version that ends so",
    applies: ({ raw }) =>
      raw["ReleaseChannel"] === "esr" &&
      String(raw["Version"] ?? "")
        .trimEnd()
        .endsWith("esr"),
    rules: {
      async ESRVersionRewrite(crash, act) {
        await act();
        if (crash.processed.version !== undefined) crash.processed.version += "esr";
      },
    },
  },
  {
    name: "a version that nobody knows becomes a beta 0",
    applies: ({ expected }) => String(expected["processor_notes"]).includes('added "b0" suffix'),
    socorroVersions: true,
    rules: {
      async BetaVersionRule(crash, act) {
        const before = crash.notes.length;
        // Nor does it ask the client itself.
        const { telemetry_environment: environment } = crash.processed;
        delete crash.processed.telemetry_environment;
        await act();
        if (environment !== undefined) crash.processed.telemetry_environment = environment;
        if (crash.notes.length > before) crash.processed.version = `${crash.processed.version}b0`;
      },
    },
  },
  {
    name: "fields of an earlier processing linger",
    applies: ({ previous }) => previous !== undefined,
    beginsWithPrevious: true,
  },
  {
    name: "the frames that were left out are counted one short",
    applies: ({ dumps }) => JSON.stringify(dumps).includes('"frame":500'),
    rules: {
      async TruncateStacksRule(crash, act) {
        await act();
        crash.processed.json_dump = oneFrameLess(crash.processed.json_dump) as never;
      },
    },
  },
  {
    name: "builds of Windows are compared as text",
    applies: ({ expected }) => expected["os_name"] === "Windows NT",
    rules: {
      async OSPrettyVersionRule(crash, act) {
        await act();
        const { os_version: version = "", os_pretty_version: pretty } = crash.processed;
        if (pretty === "Windows 10" || pretty === "Windows 11")
          crash.processed.os_pretty_version = version >= "10.0.21996" ? "Windows 11" : "Windows 10";
      },
    },
  },
];

/** Rules that threw in Socorro: what they wrote until then is all there is of theirs. */
function failures(one: ProcessorCase): Fault[] {
  return Object.keys(one.failedRules)
    .filter((name) => name !== "CopyFromRawCrashRule")
    .map((name) => ({
      name: `${name} fails on such a value`,
      applies: () => true,
      rules: {
        async [name](crash: CrashInProcess, act: () => Promise<void>) {
          const before: Fields = { ...crash.processed };
          const notes = crash.notes.length;
          await act();
          crash.notes.length = notes;
          for (const field of Object.keys(crash.processed)) {
            if (one.lastWriter[field] === name) {
              (crash.processed as Fields)[field] = one.expected[field];
              continue;
            }
            if (Object.hasOwn(before, field)) (crash.processed as Fields)[field] = before[field];
            else delete (crash.processed as Fields)[field];
          }
          noteFailure(crash, name);
        },
      },
    }));
}

export function faultsOf(one: ProcessorCase): Fault[] {
  return [...faults.filter((fault) => fault.applies(one)), ...failures(one)];
}

/** What ours would make of the case with some of Socorro's faults. */
export function emulated(
  one: ProcessorCase,
  versions: readonly VersionRow[],
  active: readonly Fault[],
): Promise<ProcessedCrash> {
  const rules = rulesets.default.map((rule): Rule => {
    const instead = active.flatMap((fault) => fault.rules?.[rule.name] ?? []);
    return {
      ...rule,
      async act(crash, tools) {
        let act = async () => rule.act(crash, tools);
        for (const fault of instead) {
          const inner = act;
          act = () => fault(crash, inner, one);
        }
        await act();
      },
    };
  });
  const start: Rule = {
    name: "start",
    annotations: [],
    reads: [],
    writes: [],
    act({ processed }) {
      const { signature, ...earlier } = structuredClone(plain(one.previous ?? {}));
      for (const name of ["processor_notes", "processor_history"] as const) delete earlier[name];
      Object.assign(processed, earlier);
    },
  };
  const findVersion: FindVersion = active.some((fault) => fault.socorroVersions)
    ? socorroVersions(versions)
    : versionsOf(versions);
  const isStale = active.some((fault) => fault.beginsWithPrevious);
  return replay(one, { rules: isStale ? [start, ...rules] : rules, findVersion });
}

const plain = (value: object) => JSON.parse(JSON.stringify(value)) as ProcessedCrash;

function noteFailure(crash: CrashInProcess, name: string): void {
  crash.notes.push(`ruleset 'default' rule '${name}' failed: Error`);
}

function remove(notes: string[], note: string): void {
  const at = notes.indexOf(note);
  if (at >= 0) notes.splice(at, 1);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What Python's `float` makes of a text that no JSON number can be. */
function nonFinite(value: unknown): "nan" | "inf" | "-inf" | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trim().toLowerCase();
  if (/^[+-]?nan$/.test(text)) return "nan";
  const isTooLarge = /^[+-]?[\d_.]+e\+?\d+$/.test(text) && !Number.isFinite(Number(text.replaceAll("_", "")));
  if (!isTooLarge && !/^[+-]?inf(?:inity)?$/.test(text)) return undefined;
  return text.startsWith("-") ? "-inf" : "inf";
}

function oneFrameLess(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(oneFrameLess);
  if (typeof value !== "object" || value === null || isExactNumber(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const count = key === "msg" ? /^([\d,]+) frames truncated$/.exec(String(inner))?.[1] : undefined;
      if (count === undefined) return [key, oneFrameLess(inner)];
      const less = Number(count.replaceAll(",", "")) - 1;
      return [key, `${less.toLocaleString("en-US")} frames truncated`];
    }),
  );
}
