import { spawnSync } from "node:child_process";
import { program } from "./measure.ts";

/** What a program took from its start to its end. */
export interface ProcessFigures {
  readonly ms: number;
  /** Of the processor. */
  readonly cpuMs: number;
}

/** Runs a program to its end; where the system can, it is kept on one core. */
export function onOneCore(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const taskset = program("taskset");
  const [first, ...others] =
    taskset === undefined ? [command, ...args] : [taskset, "-c", "0", command, ...args];
  const env = { ...process.env, ...environment };
  return spawnSync(first!, others, { encoding: "utf8", maxBuffer: 1e9, env });
}

/** Measures a whole run; the shell tells what it took of the processor. */
export function timed(
  command: string,
  args: readonly string[],
  environment?: NodeJS.ProcessEnv,
): ProcessFigures {
  const script = `TIMEFORMAT='%U %S'; time "$@" > /dev/null 2>&1`;
  const started = performance.now();
  const { stderr, status } = onOneCore("bash", ["-c", script, "time", command, ...args], environment);
  // The figure of a failure would be a good one.
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed`);
  const seconds = stderr.trim().split(" ").map(Number);
  return { ms: performance.now() - started, cpuMs: seconds.reduce((sum, value) => sum + value, 0) * 1000 };
}

/** The run that took the middle of time. */
export function middle(runs: readonly ProcessFigures[]): ProcessFigures {
  return runs.toSorted((a, b) => a.ms - b.ms)[Math.floor(runs.length / 2)]!;
}
