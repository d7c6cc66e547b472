import {
  maskedSettings,
  readSettings,
  type Settings,
  type SettingsDeclaration,
  type sharedSettings,
} from "@mayday/config";
import {
  addProcessMetrics,
  createLogger,
  createMetrics,
  createTraces,
  type Logger,
  type Metrics,
  type Traces,
  tracesOptions,
} from "@mayday/observability";

/** What every service is told of its log. */
type LogSettings = Pick<typeof sharedSettings, "LOG_LEVEL" | "LOG_FILE" | "LOG_MAX_MB" | "LOG_KEEP">;

/** What every service begins with. */
export interface Beginning<D extends SettingsDeclaration> {
  readonly settings: Settings<D>;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly traces: Traces;
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
  const log = createLogger({ service, ...logOptions(settings) });
  log.info({ settings: maskedSettings(declaration, settings) }, "starting");
  const metrics = createMetrics({ service, otlpEndpoint: environment["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? "" });
  addProcessMetrics(metrics);
  const traces = createTraces({ service, ...tracesOptions(environment) });
  return { settings, log, metrics, traces };
}

/** What a log is told by its settings. */
export function logOptions(settings: Settings<SettingsDeclaration<LogSettings>>) {
  const { LOG_LEVEL: level, LOG_FILE: file, LOG_MAX_MB, LOG_KEEP: keep } = settings;
  return { level, file, limits: { maxBytes: LOG_MAX_MB * 1024 * 1024, keep } };
}
