import { MaydayError } from "@mayday/errors";
import type { SymReadReport } from "./sym-sink.ts";

/**
 * Refuses a text that is no symbol file, or of another module.
 * @param debugId of its MODULE line; empty without one
 * @param expected the debug id it must have
 * @throws {MaydayError} SYMBOLS_MALFORMED
 */
export function checkText(debugId: string, expected: string | undefined, report: SymReadReport): void {
  const malformed = (why: string) => new MaydayError("SYMBOLS_MALFORMED", why);
  if (debugId === "") throw malformed("it has no MODULE line");
  if (expected !== undefined && debugId.toUpperCase() !== expected.toUpperCase()) {
    throw malformed(`it is of debug id ${debugId}, not ${expected}`);
  }
  if (report.badLines * 2 > report.lines) {
    throw malformed(`most lines are unreadable, first ${report.samples[0]}`);
  }
}
