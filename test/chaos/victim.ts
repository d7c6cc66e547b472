import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { endWithUs } from "../end-with-us.ts";

export interface VictimOptions {
  readonly name: string;
  readonly command: readonly string[];
  /** What it is from the second start on, where that is another program: it was upgraded. */
  readonly laterCommand?: readonly string[];
  readonly environment?: Record<string, string>;
  /** File for what it prints. */
  readonly output: string;
  /** Whether it does its work yet. */
  isReady(): Promise<boolean>;
  /** How long it may take to, ms; a minute when unsaid. */
  readonly readyLimitMs?: number;
}

const READY_LIMIT_MS = 60_000;

/** A program that is killed and started again on the same data. */
export class Victim {
  readonly name: string;
  kills = 0;
  pauses = 0;
  readonly #options: VictimOptions;
  #child: ChildProcess | undefined;

  constructor(options: VictimOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** The id of its process, of the last one where it has ended. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** @param settings what it is told besides, this time */
  async start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    const { command, laterCommand = command } = this.#options;
    const [program = "", ...args] = this.#child === undefined ? command : laterCommand;
    const output = openSync(this.#options.output, "a");
    const environment = {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      ...this.#options.environment,
      ...settings,
    };
    const child = endWithUs(spawn(program, args, { env: environment, stdio: ["ignore", output, output] }));
    this.#child = child;
    const deadline = Date.now() + (this.#options.readyLimitMs ?? READY_LIMIT_MS);
    while (!(await this.#options.isReady().catch(() => false))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        child.kill("SIGKILL");
        throw new Error(`${this.name} does not start; see ${this.#options.output}`);
      }
      await sleep(50);
    }
  }

  /** kill -9, and start again after `pauseMs`. */
  async killAndRestart(pauseMs: number): Promise<void> {
    this.kills++;
    await this.end("SIGKILL");
    await sleep(pauseMs);
    await this.start();
  }

  /** Stands still for a while, as a machine that swaps or a connection that hangs. */
  async pause(ms: number): Promise<void> {
    this.pauses++;
    this.#child?.kill("SIGSTOP");
    await sleep(ms);
    this.#child?.kill("SIGCONT");
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
}
