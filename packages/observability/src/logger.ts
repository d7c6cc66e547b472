import { writeSync } from "node:fs";
import { type Logger, pino } from "pino";
import { LogFile, type LogLimits } from "./log-file.ts";

export type { Logger } from "pino";

/**
 * Lines of JSON, one per event, to `file` or standard error. Give children the crash id:
 * `log.child({ crashId })`.
 */
export function createLogger(options: {
  service: string;
  level: string;
  file: string;
  /** None: others set the file aside, and this one follows. */
  limits?: LogLimits;
}): Logger {
  const { service, level, file, limits = { maxBytes: 0, keep: 0 } } = options;
  return pino(
    { name: service, level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime },
    lineWriter(file === "" ? standardError : new LogFile(file, limits)),
  );
}

const standardError = {
  write(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) from += writeSync(2, bytes, from);
  },
};

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
function lineWriter(to: { write(bytes: Uint8Array): void }) {
  let lines = "";
  const flush = () => {
    unwritten.delete(flush);
    const bytes = Buffer.from(lines);
    lines = "";
    try {
      to.write(bytes);
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
