import {
  maskedSettings,
  readSettings,
  type Settings,
  type SettingsDeclaration,
  type sharedSettings,
} from "@mayday/config";
import { createLogger, type Logger } from "./logger.ts";
import { createMetrics, type Metrics } from "./metrics.ts";

/** What every service is told of its log. */
type LogSettings = Pick<typeof sharedSettings, "LOG_LEVEL" | "LOG_FILE">;

/** What every service begins with. */
export interface Beginning<D extends SettingsDeclaration> {
  readonly settings: Settings<D>;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/**
 * Reads a service's settings, and opens its log with them in it.
 * @throws {ConfigError} when a setting is wrong
 */
export function beginService<D extends SettingsDeclaration<LogSettings>>(
  service: string,
  declaration: D,
  environment: NodeJS.ProcessEnv,
): Beginning<D> {
  const settings = readSettings(declaration, environment);
  const { LOG_LEVEL: level, LOG_FILE: file }: Settings<SettingsDeclaration<LogSettings>> = settings;
  const log = createLogger({ service, level, file });
  log.info({ settings: maskedSettings(declaration, settings) }, "starting");
  return { settings, log, metrics: createMetrics() };
}
