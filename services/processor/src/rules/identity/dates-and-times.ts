import { rule } from "../../rule.ts";
import { annotationText, trimmed } from "../../values/annotation-text.ts";
import { bigOf, type Whole, wholeOf, wholeOfBig, wholeOfText } from "../../values/numbers.ts";

/** Ten digits hold seconds since 1970 until the year 2286; what follows them is damage. */
const DIGITS_OF_A_TIME = 10;
const LARGEST_LAST_CRASH = 2n ** 63n - 1n;

/**
 * When it crashed and how long it had run, by the client's clock, which is wrong at times; a missing time is the one
 * behind it. The day the crash is kept under is the collector's.
 */
export const datesAndTimes = rule({
  name: "DatesAndTimesRule",
  annotations: ["submitted_timestamp", "CrashTime", "InstallTime", "SecondsSinceLastCrash"],
  reads: ["startup_time"],
  writes: [
    "submitted_timestamp",
    "date_processed",
    "crash_time",
    "client_crash_date",
    "install_age",
    "uptime",
    "last_crash",
  ],
  act({ raw, processed, notes }) {
    const submitted = annotationText(raw.submitted_timestamp) ?? "";
    processed.submitted_timestamp = submitted;
    processed.date_processed = submitted;

    const crashTime = crashTimeOf(raw.CrashTime, submitted, notes);
    processed.crash_time = crashTime;
    const crash = bigOf(crashTime);
    const date = dateOf(Number(crash));
    if (date !== undefined) processed.client_crash_date = date;

    const startup = processed.startup_time === undefined ? crash : bigOf(processed.startup_time);
    const install = raw.InstallTime === undefined ? startup : installTimeOf(raw.InstallTime, notes);
    processed.install_age = wholeOfBig(crash - install);
    processed.uptime = crash > startup ? wholeOfBig(crash - startup) : 0;
    processed.last_crash = lastCrashOf(raw.SecondsSinceLastCrash, notes);
  },
});

function crashTimeOf(value: unknown, submitted: string, notes: string[]): Whole {
  if (typeof value === "string") {
    const time = wholeOfText(
      Array.from(value.slice(0, 2 * DIGITS_OF_A_TIME))
        .slice(0, DIGITS_OF_A_TIME)
        .join(""),
    );
    if (time === undefined) notes.push('non-integer value of "CrashTime"');
    return time ?? 0;
  }
  notes.push(
    value === undefined
      ? "WARNING: raw_crash missing CrashTime"
      : "WARNING: raw_crash[CrashTime] contains unexpected value",
    "client_crash_date is unknown",
  );
  return Math.floor(Date.parse(submitted) / 1000) || 0;
}

function installTimeOf(value: unknown, notes: string[]): bigint {
  const time = wholeOf(value);
  if (time === undefined) notes.push('non-integer value of "InstallTime"');
  return bigOf(time ?? 0);
}

function lastCrashOf(value: unknown, notes: string[]): Whole | null {
  if (value === undefined) return null;
  const seconds = wholeOf(typeof value === "string" ? trimmed(value) : value);
  if (seconds === undefined) notes.push('non-integer value of "SecondsSinceLastCrash"');
  else if (bigOf(seconds) > LARGEST_LAST_CRASH)
    notes.push('"SecondsSinceLastCrash" larger than MAXINT - set to NULL');
  else return seconds;
  return null;
}

/** Unix seconds as a date; undefined beyond what a date can be. */
function dateOf(seconds: number): string | undefined {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace(/\.\d{3}Z$/, "+00:00");
}
