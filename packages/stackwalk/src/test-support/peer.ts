import { execFileSync } from "node:child_process";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** The JSON of a walk, as far as the tests look into it. */
export interface WalkJson extends Record<string, unknown> {
  readonly threads: readonly { readonly frames: readonly Record<string, unknown>[] }[];
  readonly modules: readonly Record<string, unknown>[];
  readonly crash_info: Record<string, unknown>;
  readonly proc_limits: { readonly limits: readonly { readonly name: string }[] } | null;
}

const path = [process.env["PATH"] ?? "", join(homedir(), ".cargo", "bin")].join(delimiter);

const PROGRAM = "minidump-stackwalk";

function minidumpStackwalk(...args: readonly string[]): string {
  return execFileSync(PROGRAM, args, {
    encoding: "utf8",
    env: { ...process.env, PATH: path },
    maxBuffer: 1024 ** 3,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** Whether rust-minidump's `minidump-stackwalk` is there. */
export const hasPeer = (() => {
  try {
    return minidumpStackwalk("--version") !== "";
  } catch {
    return false;
  }
})();

/** What the peer says of a dump with the symbols of a folder, which it reads plain only. */
export function peerJson(dumpPath: string, symbols: string): WalkJson {
  return JSON.parse(minidumpStackwalk("--json", "--verbose=off", `--symbols-path=${symbols}`, dumpPath));
}

/** The same as text. */
export function peerText(dumpPath: string, symbols: string, brief: boolean): string {
  const form = brief ? ["--human", "--brief"] : ["--human"];
  return minidumpStackwalk(...form, "--verbose=off", `--symbols-path=${symbols}`, dumpPath);
}

const MODULE_FLAGS = ["missing_symbols", "loaded_symbols", "corrupt_symbols"];

/**
 * The JSON without what is known to differ: the order of limits, which changes from run to run of the peer; the
 * peer's flags of modules that have one name, which are those of any of them; and what could not be read.
 */
export function comparable(json: WalkJson): Record<string, unknown> {
  const limits = json.proc_limits && [...json.proc_limits.limits].sort((a, b) => (a.name < b.name ? -1 : 1));
  const modules = json.modules.map((module) => {
    const namesakes = json.modules.filter(({ filename }) => filename === module["filename"]);
    const flags = MODULE_FLAGS.map((flag) => [flag, namesakes.some((namesake) => namesake[flag] === true)]);
    return { ...module, ...Object.fromEntries(flags) };
  });
  const { unreadable: _, ...told } = json;
  return withoutDeleted({ ...told, proc_limits: limits, modules });
}

const MODULE_NAMES = new Set(["filename", "debug_file", "module"]);

/** Without ` (deleted)` behind modules' names, which only the peer keeps, and our word for the name with it. */
function withoutDeleted(json: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(json, (key, value) => {
      if (key === "name_in_dump") return undefined;
      return typeof value === "string" && MODULE_NAMES.has(key) ? value.replace(/ \(deleted\)$/, "") : value;
    }),
  );
}
