import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type SymbolOptions, symcacheFolderOf } from "./symbol-options.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

/**
 * Starts a process that builds modules' symcaches and outlives this one. Whether it succeeds is not asked: the next
 * command finds symcaches, or does without again.
 * @param modules each as DEBUG-FILE/DEBUG-ID
 */
export function buildBehind(modules: readonly string[], options: SymbolOptions): void {
  const places = options.symbols.flatMap((place) => ["--symbols", place]);
  const args = ["symcache", "fetch", "--behind", ...places, "--symbols-cache", symcacheFolderOf(options)];
  const child = spawn(process.execPath, [main, ...args, "--", ...modules], {
    detached: true,
    stdio: "ignore",
  });
  child.on("error", () => undefined);
  child.unref();
}
