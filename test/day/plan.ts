import { serversFor, utilisation, waitWithin } from "./erlang.ts";
import { PINGS, REPORTS } from "./load.ts";

/** What one of something costs a part, processor time in ms, as `npm run day -- --apart` measured it. */
interface Cost {
  readonly part: string;
  /** Of each report that arrives, of each that is kept, of each ping. */
  readonly report: number;
  readonly kept: number;
  readonly ping: number;
  /** The longest wait that 95 of 100 may have, s: clients wait for the collector, nobody for the rest. */
  readonly waitSeconds: number;
}

// The day's reports hold the demo's small dump (38 ms); the processor's is of Firefox' own crash (`npm run bench -- pipeline`).
export const COSTS: readonly Cost[] = [
  { part: "collector", report: 3.6, kept: 0, ping: 1.5, waitSeconds: 0.1 },
  { part: "processor", report: 0, kept: 80, ping: 2.1, waitSeconds: 10 },
  { part: "indexer", report: 0, kept: 21, ping: 1.2, waitSeconds: 10 },
  { part: "Redis", report: 0, kept: 9, ping: 0.3, waitSeconds: 0.1 },
  { part: "object store", report: 0, kept: 13, ping: 0.4, waitSeconds: 1 },
  { part: "search engine", report: 0, kept: 105, ping: 4.5, waitSeconds: 10 },
];

/** What is kept of the reports. */
const KEPT = 0.1;
/** A release's spike, times the mean. */
const SPIKE = 3;
/** Above this a part has no room for what the model does not know: bursts, a process that is away, garbage. */
const BUSY = 0.7;
const DAY_SECONDS = 86_400;
const MACHINE_CORES = 2;
const TIMES = [1, 10, 100];

/** Cores that a part needs for so many times Mozilla's day, in its spike. */
export interface Need {
  readonly part: string;
  /** Arrivals a second. */
  readonly rate: number;
  /** Mean processor time of one, s. */
  readonly seconds: number;
  /** Cores, each at one arrival at a time: a process or a thread for each. */
  readonly servers: number;
  /** Part of the time that they work. */
  readonly busy: number;
  /** What 95 of 100 wait at most, s. */
  readonly waitSeconds: number;
}

export function needsOf(cost: Cost, times: number): Need {
  const daily = [
    { count: REPORTS * (1 - KEPT), ms: cost.report },
    { count: REPORTS * KEPT, ms: cost.report + cost.kept },
    { count: PINGS, ms: cost.ping },
  ].filter(({ ms }) => ms > 0);
  const count = daily.reduce((sum, one) => sum + one.count, 0);
  const seconds = daily.reduce((sum, one) => sum + one.count * one.ms, 0) / count / 1000;
  const rate = (count * times * SPIKE) / DAY_SECONDS;
  const servers = serversFor({ rate, seconds }, { waitSeconds: cost.waitSeconds, busy: BUSY });
  const station = { rate, seconds, servers };
  return { part: cost.part, ...station, busy: utilisation(station), waitSeconds: waitWithin(0.95, station) };
}

/** Machines whose cores are busy for no more than {@link BUSY}. */
export function machinesFor(needs: readonly Need[]): number {
  const cores = needs.reduce((sum, { rate, seconds }) => sum + rate * seconds, 0);
  return Math.ceil(cores / (MACHINE_CORES * BUSY));
}

/** Processor time of a whole day's reports, and of its pings, in all parts together, s. */
export function dayCost(): { reports: number; pings: number } {
  const sum = (ms: (cost: Cost) => number) => COSTS.reduce((all, cost) => all + ms(cost), 0) / 1000;
  return {
    reports: REPORTS * sum(({ report, kept }) => report + KEPT * kept),
    pings: PINGS * sum(({ ping }) => ping),
  };
}

/** The plan as Markdown tables. */
export function planText(): string {
  const rows = [
    "| part | ms a report | ms a kept report besides | ms a ping |",
    "| --- | --: | --: | --: |",
    ...COSTS.map(({ part, report, kept, ping }) => `| ${part} | ${report} | ${kept} | ${ping} |`),
    "",
  ];
  const { reports, pings } = dayCost();
  const hours = (seconds: number) => (seconds / 3600).toFixed(1);
  rows.push(
    `A day is ${hours(reports)} hours of one core for its reports, and ${hours(pings)} for its pings.`,
    "",
    `| part | ${TIMES.map((times) => `${times}×: arrivals/s · cores · busy · wait p95`).join(" | ")} |`,
    `| --- |${" --- |".repeat(TIMES.length)}`,
  );
  const all = TIMES.map((times) => COSTS.map((cost) => needsOf(cost, times)));
  for (const [index, { part }] of COSTS.entries())
    rows.push(`| ${part} | ${all.map((needs) => needText(needs[index]!)).join(" | ")} |`);
  rows.push(
    `| cores at work | ${all.map((needs) => needs.reduce((sum, one) => sum + one.rate * one.seconds, 0).toFixed(1)).join(" | ")} |`,
    `| machines of ${MACHINE_CORES} cores | ${all.map((needs) => machinesFor(needs)).join(" | ")} |`,
  );
  return rows.join("\n");
}

function needText({ rate, servers, busy, waitSeconds }: Need): string {
  return `${rate.toFixed(1)} · ${servers} · ${(busy * 100).toFixed(0)} % · ${(waitSeconds * 1000).toFixed(0)} ms`;
}
