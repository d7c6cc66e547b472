import type { SubmittedAnnotations } from "../raw-crash.ts";
import { pingSources } from "../schema/ping.ts";

type Json = Readonly<Record<string, unknown>>;

/** A ping as it is read here: its body, and by which way it came. */
export interface PingBody {
  readonly kind: "glean" | "telemetry";
  readonly ping: Json;
}

/** A text that is longer says nothing more to a signature or a reader, characters. */
const LONGEST_TEXT = 10_000;
/** Of an exception, an object or a list as JSON, characters. */
const LONGEST_JSON = 100_000;

/** What is no annotation of the crash, or is read elsewhere. */
const NOT_THESE = new Set(["StackTraces", "MinidumpSha256Hash", "TelemetryEnvironment", "__proto__"]);

/**
 * What a ping says, as the annotations of a report: rules for reports then read it. Texts are cut where they are too
 * long; objects are JSON text, as clients submit them. The ping's own words win over the annotations it may carry.
 */
export function pingAnnotations({ kind, ping }: PingBody): SubmittedAnnotations {
  const found: SubmittedAnnotations = {};
  for (const [name, value] of Object.entries(carried(kind, ping))) {
    const text = NOT_THESE.has(name) ? undefined : textOf(value);
    if (text !== undefined) found[name] = text;
  }
  for (const [name, source] of Object.entries(pingSources) as [
    string,
    { glean?: readonly string[]; telemetry?: readonly string[] },
  ][]) {
    const value = valueAt(ping, pathOf(kind, source));
    const text = value === undefined ? undefined : annotationOf(name, value);
    if (text !== undefined) found[name] = text;
  }
  return found;
}

function pathOf(
  kind: PingBody["kind"],
  { glean, telemetry }: { glean?: readonly string[]; telemetry?: readonly string[] },
): readonly string[] {
  if (kind === "telemetry") return telemetry ?? [];
  if (glean === undefined) return [];
  return glean[0] === "client_info" ? glean : ["metrics", ...glean];
}

/** The annotations that a ping carries under their own names. */
function carried(kind: PingBody["kind"], ping: Json): Json {
  if (kind === "telemetry") return recordOf(valueAt(ping, ["payload", "metadata"]));
  const text = valueAt(ping, ["metrics", "object", "meta.annotations", "source"]);
  if (typeof text !== "string") return {};
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return {};
  }
}

const special: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  CrashTime: secondsOf,
  UtilityActorsName: (value) => (Array.isArray(value) ? value.filter(isText).join(",") : textOf(value)),
  QuotaManagerShutdownTimeout: (value) =>
    Array.isArray(value) ? cut(value.filter(isText).join("\n")) : textOf(value),
  AsyncShutdownTimeout: shutdownTimeoutOf,
  JavaException: javaExceptionOf,
};

function annotationOf(name: string, value: unknown): string | undefined {
  return (special[name] ?? textOf)(value);
}

/** Times are seconds since 1970 in annotations; Glean has a date. */
function secondsOf(value: unknown): string | undefined {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : String(Math.floor(ms / 1000));
}

/** Glean has the conditions as text: JSON where Firefox knew their names. */
function shutdownTimeoutOf(value: unknown): string | undefined {
  const timeout = recordOf(value);
  if (Object.keys(timeout).length === 0) return textOf(value);
  const { conditions, ...rest } = timeout;
  return jsonOf({ ...rest, ...(conditions === undefined ? {} : { conditions: listIn(conditions) }) });
}

function listIn(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : [value];
  } catch {
    return [value];
  }
}

/** Glean's throwables as reports have them: an exception and its causes, each with its stack. */
function javaExceptionOf(value: unknown): string | undefined {
  const { throwables, messages, stack } = recordOf(value);
  const listed = Array.isArray(throwables)
    ? throwables.map(recordOf)
    : Array.isArray(stack)
      ? [{ message: Array.isArray(messages) ? messages[0] : undefined, stack }]
      : undefined;
  if (listed === undefined) return jsonOf(value);
  const values = listed.map((one: Json) => ({ stacktrace: stackTraceOf(one) }));
  return jsonOf({ exception: { values } });
}

function stackTraceOf({ typeName, message, stack }: Json) {
  const [module, type] = splitClass(isText(typeName) ? typeName : "");
  return {
    ...(module === "" ? {} : { module }),
    ...(type === "" ? {} : { type }),
    ...(isText(message) ? { value: message } : {}),
    frames: (Array.isArray(stack) ? stack : [])
      .map(recordOf)
      .map(({ className, methodName, file, line }) => ({
        ...(isText(className) ? { module: className } : {}),
        ...(isText(methodName) ? { function: methodName } : {}),
        ...(isText(file) ? { filename: file } : {}),
        ...(Number.isInteger(line) ? { lineno: line } : {}),
      })),
  };
}

/** `java.lang.Error` as its package and its name. */
function splitClass(name: string): readonly [string, string] {
  const at = name.lastIndexOf(".");
  return [name.slice(0, Math.max(at, 0)), name.slice(at + 1)];
}

const isText = (value: unknown): value is string => typeof value === "string";

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return cut(value);
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : undefined;
  return value === null || value === undefined ? undefined : jsonOf(value);
}

const cut = (text: string): string => (text.length <= LONGEST_TEXT ? text : text.slice(0, LONGEST_TEXT));

function jsonOf(value: unknown): string | undefined {
  const text = JSON.stringify(value);
  return text.length <= LONGEST_JSON ? text : undefined;
}

/** What stands at a path; undefined where there is nothing, or an object on the way is none. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  if (path.length === 0) return undefined;
  let at = value;
  for (const name of path) {
    const record = recordOf(at);
    if (!Object.hasOwn(record, name)) return undefined;
    at = record[name];
  }
  return at ?? undefined;
}

function recordOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
