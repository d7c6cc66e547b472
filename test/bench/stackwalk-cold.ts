import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compare, program } from "./measure.ts";
import { middle, type ProcessFigures, timed } from "./one-core.ts";

const mayday = fileURLToPath(new URL("../../services/cli/bin/mayday", import.meta.url));

const RUNS = 7;

/** A peer that is given a server looks into its cache first; this one answers nobody. */
const NO_SERVER = "http://127.0.0.1:9/";

export const PEER_NAME = "minidump-stackwalk, symbols in its cache";

/** A dump, and a folder of its symbols as plain text. */
export interface ColdCase {
  readonly what: string;
  readonly dump: string;
  readonly symbols: string;
  /** For symcaches. */
  readonly folder: string;
}

/**
 * The command as a user gives it, from its start to its end, with no symcache there; in turn with the peer.
 * @returns the peer's figures; undefined where it is not
 */
export function measureCold(coldCase: ColdCase): ProcessFigures | undefined {
  const { what, dump, symbols } = coldCase;
  const peer = program("minidump-stackwalk");
  const peerArgs = ["--json", `--symbols-cache=${symbols}`, `--symbols-url=${NO_SERVER}`, dump];
  ourCold(coldCase); // What Node compiles is kept from here on, as from any user's first command.
  const ours: ProcessFigures[] = [];
  const theirs: ProcessFigures[] = [];
  for (let run = 0; run < RUNS; run++) {
    ours.push(ourCold(coldCase));
    if (peer !== undefined) theirs.push(timed(peer, peerArgs));
  }
  const cold = middle(ours);
  const whole = `${what}, nothing cached: time of the whole command`;
  if (peer !== undefined) compare(whole, cold.ms, PEER_NAME, middle(theirs).ms, "ms");
  else console.log(`  ${whole}: ${cold.ms.toFixed(1)} ms`);
  tellParts(coldCase);
  return peer === undefined ? undefined : middle(theirs);
}

/** What of the time is Node's, what the first command of an installation takes, what is built behind the command. */
function tellParts(coldCase: ColdCase): void {
  const { what, symbols, folder } = coldCase;
  const node = middle(Array.from({ length: RUNS }, () => timed(process.execPath, ["-e", "0"])));
  const compiled = mkdtempSync(join(folder, "compiled-"));
  const first = ourCold(coldCase, { NODE_COMPILE_CACHE: compiled });
  const modules = globSync("*/*/*.sym", { cwd: symbols }).map(dirname);
  const cache = mkdtempSync(join(folder, "symcache-"));
  const fetch = ["symcache", "fetch", "--symbols", symbols, "--symbols-cache", cache, ...modules];
  const behind = timed(mayday, fetch);
  console.log(
    `  ${what}: Node alone ${node.ms.toFixed(0)} ms; the first command after installing ${first.ms.toFixed(0)} ms; building symcaches (behind the command where one is large) ${behind.cpuMs.toFixed(0)} ms of the processor`,
  );
}

function ourCold({ dump, symbols, folder }: ColdCase, environment?: NodeJS.ProcessEnv): ProcessFigures {
  const cache = mkdtempSync(join(folder, "symcache-"));
  const args = ["stackwalk", "--symbols", symbols, "--symbols-cache", cache, dump];
  const figures = timed(mayday, args, environment);
  waitForNoneNaming(cache);
  rmSync(cache, { recursive: true });
  return figures;
}

/** Waits until no process has the name in its command line: what is built behind a command would slow the next one. */
function waitForNoneNaming(name: string): void {
  while (spawnSync("pgrep", ["-f", "--", name]).status === 0) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
}
