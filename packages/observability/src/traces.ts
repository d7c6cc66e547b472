import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  type IdGenerator,
  RandomIdGenerator,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";

/** What is done to a crash on its way, each a span of its trace. */
export type SpanName = "receive" | "move" | "process" | "index";

/** A span that is over. */
export interface ToldSpan {
  readonly name: SpanName;
  readonly crashId: string;
  /** ms since 1970, as `Date.now()` has it. */
  readonly from: number;
  readonly to: number;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  /** Code or class of what went wrong; never a message, which may quote the report. */
  readonly error?: string;
}

/** Tells what was done to a crash, as one trace over all services. One per service. */
export interface Traces {
  /** Told after the fact: nothing waits for it, and nothing fails because of it. */
  tell(span: ToldSpan): void;
  /** Sends what was not sent yet. */
  close(): Promise<void>;
}

export interface TracesOptions {
  readonly service: string;
  /** Where spans are sent to as OTLP, such as `http://127.0.0.1:4318/v1/traces`; empty: nowhere. */
  readonly url: string;
  /** The share of crashes that have a trace, from 0 to 1. Crash ids decide, so that all services decide alike. */
  readonly share?: number;
}

/** Longer than this nobody waits for who takes them, ms: a stop has nine seconds for everything. */
const SEND_LIMIT_MS = 2000;
const SEND_EVERY_MS = 5000;

/**
 * A crash's trace has the crash id's digits as its id, and the collector's span the last half of them: every service can
 * place its spans by the crash id alone, whatever brought it (a queue, a sweep, a person), and whoever has a crash id finds
 * its trace.
 */
export function traceOf(crashId: string): { readonly traceId: string; readonly spanId: string } {
  const traceId = crashId.replaceAll("-", "");
  return { traceId, spanId: traceId.slice(16) };
}

export function createTraces({ service, url, share = 1 }: TracesOptions): Traces {
  if (url === "") return { tell: () => undefined, close: async () => undefined };
  const ids = new CrashIds();
  const provider = new TracerProvider({
    idGenerator: ids,
    sampler: new TraceIdRatioBasedSampler(share),
    resource: resourceFromAttributes({ "service.namespace": "mayday", "service.name": service }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url, timeoutMillis: SEND_LIMIT_MS }),
        scheduledDelayMillis: SEND_EVERY_MS,
        exportTimeoutMillis: SEND_LIMIT_MS,
      }),
    ],
  });
  const tracer = provider.getTracer("mayday");
  return {
    tell({ name, crashId, from, to, attributes, error }) {
      const root = traceOf(crashId);
      const isRoot = name === "receive";
      const parent = { ...root, traceFlags: TraceFlags.SAMPLED, isRemote: true };
      const context = isRoot ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
      ids.root = isRoot ? root : undefined;
      const span = tracer.startSpan(
        name,
        {
          kind: isRoot ? SpanKind.SERVER : SpanKind.CONSUMER,
          startTime: from,
          attributes: { "crash.id": crashId, ...attributes },
        },
        context,
      );
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
      span.end(to);
    },
    close: () => provider.shutdown(),
  };
}

/** Random ids, but for the span of a trace that is its root. */
class CrashIds implements IdGenerator {
  root: { readonly traceId: string; readonly spanId: string } | undefined;
  readonly #random = new RandomIdGenerator();

  generateTraceId(): string {
    return this.root?.traceId ?? this.#random.generateTraceId();
  }

  generateSpanId(): string {
    return this.root?.spanId ?? this.#random.generateSpanId();
  }
}

/** Where and of how many crashes traces are told, as OpenTelemetry's own variables say. */
export function tracesOptions(environment: NodeJS.ProcessEnv): Pick<TracesOptions, "url" | "share"> {
  const {
    OTEL_EXPORTER_OTLP_ENDPOINT: all = "",
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own = "",
    OTEL_TRACES_EXPORTER: exporter = "otlp",
    OTEL_TRACES_SAMPLER_ARG: share = "1",
  } = environment;
  const wanted = Number(share);
  return {
    url: exporter === "none" || all + own === "" ? "" : own || `${all.replace(/\/+$/, "")}/v1/traces`,
    share: wanted >= 0 && wanted <= 1 ? wanted : 1,
  };
}
