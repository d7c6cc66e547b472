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

const WARNING = 40;
/** What ends with the process is written before. */
const unwritten = new Set<() => void>();
process.on("exit", () => {
  for (const flush of unwritten) flush();
});

/**
 * Writes the lines of one turn of the event loop together: a call of the system for each is a twentieth of what a small
 * report costs. Warnings and errors are written at once, with all before them. Lines that cannot be written are dropped: a
 * full disk must cost log lines, not the service.
 */
function lineWriter(file: number) {
  let lines = "";
  const flush = () => {
    unwritten.delete(flush);
    const bytes = Buffer.from(lines);
    lines = "";
    try {
      for (let from = 0; from < bytes.length; ) from += writeSync(file, bytes, from);
    } catch {
      // There is nowhere left to say so.
    }
  };
  return {
    /** Asks pino to note the level of each line here. */
    [Symbol.for("pino.metadata")]: true,
    lastLevel: 0,
    write(line: string) {
      if (lines === "") {
        unwritten.add(flush);
        setImmediate(flush);
      }
      lines += line;
      if (this.lastLevel >= WARNING) flush();
    },
  };
}
