import { integer, type Rule, text } from "../rule.ts";

/** When it crashed and how long it had run. Clients' clocks are wrong at times; the collector's is the reference. */
export const datesAndTimes: Rule = {
  name: "DatesAndTimes",
  act({ raw, processed, notes }) {
    const submitted = text(raw, "submitted_timestamp") ?? "";
    processed.submitted_timestamp = submitted;
    processed.date_processed = submitted;
    for (const name of ["CrashTime", "StartupTime", "InstallTime", "SecondsSinceLastCrash"] as const) {
      if (raw[name] !== undefined && integer(raw, name) === undefined) notes.push(`${name} is not a number`);
    }
    const crashTime = integer(raw, "CrashTime") ?? Math.floor(Date.parse(submitted) / 1000);
    processed.crash_time = crashTime;
    const date = clientDate(crashTime);
    if (date !== undefined) processed.client_crash_date = date;
    const installTime = integer(raw, "InstallTime");
    if (installTime !== undefined) processed.install_age = crashTime - installTime;
    const startupTime = integer(raw, "StartupTime");
    if (startupTime !== undefined) processed.uptime = Math.max(0, crashTime - startupTime);
    processed.last_crash = integer(raw, "SecondsSinceLastCrash") ?? null;
  },
};

/** Unix seconds as a date; undefined beyond what a date can be. */
function clientDate(seconds: number): string | undefined {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace(/\.\d{3}Z$/, "+00:00");
}
