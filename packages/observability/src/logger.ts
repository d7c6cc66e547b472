import { destination, type Logger, pino } from "pino";

export type { Logger } from "pino";

/**
 * Lines of JSON, one per event, to `file` or standard error. Give children the crash id:
 * `log.child({ crashId })`.
 */
export function createLogger(options: { service: string; level: string; file: string }): Logger {
  const { service, level, file } = options;
  const target = file === "" ? destination(2) : destination({ dest: file, append: true, mkdir: true });
  return pino({ name: service, level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime }, target);
}
