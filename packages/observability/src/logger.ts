import { mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { type Logger, pino } from "pino";

export type { Logger } from "pino";

/**
 * Lines of JSON, one per event, to `file` or standard error. Give children the crash id:
 * `log.child({ crashId })`.
 */
export function createLogger(options: { service: string; level: string; file: string }): Logger {
  const { service, level, file } = options;
  return pino(
    { name: service, level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime },
    lineWriter(file === "" ? 2 : openLog(file)),
  );
}

function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, "a");
}

/** Writes at once, and drops lines that cannot be written: a full disk must cost log lines, not the service. */
function lineWriter(descriptor: number): { write(line: string): void } {
  return {
    write(line) {
      try {
        writeSync(descriptor, line);
      } catch {
        // There is nowhere left to say so.
      }
    },
  };
}
