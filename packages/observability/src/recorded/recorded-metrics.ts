import type { Metrics } from "../metrics.ts";
import type { CounterName, GaugeName, HistogramName, LabelsOf } from "../metrics-list.ts";

/** Metrics that stay in memory, for tests to look at. */
export interface RecordedMetrics extends Metrics {
  /** Sum of what was counted with these labels, whatever the others are; 0 where nothing was. */
  counted<N extends CounterName>(name: N, labels?: Partial<LabelsOf<N>>): number;
  /** What was measured with these labels, in its order. */
  observed<N extends HistogramName>(name: N, labels?: Partial<LabelsOf<N>>): readonly number[];
  /** What a gauge says now with these labels; undefined where nobody reads it, or it cannot be read. */
  read<N extends GaugeName>(name: N, labels?: Partial<LabelsOf<N>>): Promise<number | undefined>;
}

type Labels = Readonly<Partial<Record<string, string>>>;

interface Value {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

/** Metrics for a test: the same calls as a service's, kept one by one. They have no text. */
export function recordedMetrics(): RecordedMetrics {
  const values: Value[] = [];
  const readers: { name: string; read(): Promise<Iterable<readonly [Labels, number]>> }[] = [];
  const valuesOf = (wanted: string, labels: Labels) =>
    values.filter((one) => one.name === wanted && has(one.labels, labels)).map(({ value }) => value);
  return {
    count: (name, labels, value = 1) => void values.push({ name, labels, value }),
    observe: (name, labels, value) => void values.push({ name, labels, value }),
    gauge: (name, read) => void readers.push({ name, read: async () => [[{}, read()]] }),
    gauges: (name, read) => void readers.push({ name, read: async () => read() }),
    text: async () => "",
    close: async () => undefined,
    counted: (name, labels = {}) => valuesOf(name, labels).reduce((sum, value) => sum + value, 0),
    observed: (name, labels = {}) => valuesOf(name, labels),
    async read(name, labels = {}) {
      for (const reader of readers.filter((one) => one.name === name)) {
        const readings = await reader.read().catch(() => []);
        for (const [said, value] of readings) if (has(said, labels)) return value;
      }
      return undefined;
    },
  };
}

function has(said: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([label, value]) => said[label] === value);
}
