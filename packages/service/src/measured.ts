import type { Metrics } from "@mayday/observability";

/** What queues are told to tell of the jobs they hand out; spread it into a consumer's options. */
export function measuredQueue(metrics: Metrics) {
  return {
    onHandled({ queue, outcome, waited, worked }: HandledJob): void {
      metrics.count("queue_handled_total", { queue, outcome });
      if (waited !== undefined) metrics.observe("queue_wait_seconds", { queue }, waited);
      metrics.observe("queue_work_seconds", { queue }, worked);
    },
  };
}

interface HandledJob {
  readonly queue: string;
  readonly outcome: string;
  readonly waited: number | undefined;
  readonly worked: number;
}

/** An object store whose calls are measured. */
export function measuredStore<T extends object>(store: T, metrics: Metrics): T {
  return measured(store, (call, seconds, isFailed) => {
    metrics.observe("store_seconds", { call }, seconds);
    if (isFailed) metrics.count("store_failures_total", { call });
  });
}

/** A search engine whose calls are measured. */
export function measuredEngine<T extends object>(engine: T, metrics: Metrics): T {
  return measured(engine, (call, seconds, isFailed) => {
    metrics.observe("search_seconds", { call }, seconds);
    if (isFailed) metrics.count("search_failures_total", { call });
  });
}

/** The same object, each of its calls that answers later being told of when it has. */
function measured<T extends object>(
  object: T,
  tell: (call: string, seconds: number, isFailed: boolean) => void,
): T {
  return new Proxy(object, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function" || typeof name !== "string" || name === "close") return value;
      return (...args: unknown[]) => {
        const started = performance.now();
        const told = (isFailed: boolean) => tell(name, (performance.now() - started) / 1000, isFailed);
        const answer: unknown = value.apply(target, args);
        if (answer instanceof Promise) {
          return answer.then(
            (result) => {
              told(false);
              return result;
            },
            (error) => {
              told(true);
              throw error;
            },
          );
        }
        return isListing(answer) ? listed(answer, told) : answer;
      };
    },
  });
}

const isListing = (answer: unknown): answer is AsyncIterable<unknown> =>
  typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;

async function* listed(items: AsyncIterable<unknown>, told: (isFailed: boolean) => void) {
  try {
    yield* items;
    told(false);
  } catch (error) {
    told(true);
    throw error;
  }
}
