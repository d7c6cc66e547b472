import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../../services/cli/bin/mayday", import.meta.url));
const peak = new URL("report-peak.ts", import.meta.url).href;

/** What a run of `mayday` left. */
interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The most memory that was resident, kB; undefined where the system does not tell. */
  readonly peakKb: number | undefined;
}

/** Runs `mayday` in a case's folder. */
export type Mayday = (args: readonly string[], input?: string) => Promise<Ran>;

/**
 * @param folder where the case's files are
 * @param cache for the symcaches of commands that take symbols
 */
export function maydayIn(folder: string, cache: string): Mayday {
  return async (args, input = "") => {
    const cached = args.includes("--symbols") ? ["--symbols-cache", cache] : [];
    const child = spawn(command, [...args, ...cached], {
      env: { ...process.env, NODE_OPTIONS: `--import ${peak}` },
      cwd: folder,
      stdio: ["pipe", "pipe", "pipe", "pipe"],
    });
    child.stdin?.on("error", () => undefined); // It may end before it has read all.
    child.stdin?.end(input);
    const [out, err, kb, [code]] = await Promise.all([
      text(child.stdout!),
      text(child.stderr!),
      text(child.stdio[3] as Readable),
      once(child, "close"),
    ]);
    return { code: code as number, out, err, peakKb: kb === "" ? undefined : Number(kb) };
  };
}
