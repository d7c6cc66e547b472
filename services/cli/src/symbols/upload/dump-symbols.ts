import { spawn } from "node:child_process";
import { accessSync, constants, createWriteStream } from "node:fs";
import { delimiter, join } from "node:path";
import { pipeline } from "node:stream/promises";

/** Mozilla's dump_syms: where DUMP_SYMS says, else on the PATH. Undefined where there is none. */
export function findDumpSyms(environment: NodeJS.ProcessEnv): string | undefined {
  const named = environment["DUMP_SYMS"];
  if (named) return named;
  const places = (environment["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "dump_syms"));
  return places.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Writes the symbol file of a native file, inlined functions kept.
 * @returns what went wrong; undefined when it did not
 */
export async function dumpSymbols(
  program: string,
  native: string,
  symFile: string,
): Promise<string | undefined> {
  const child = spawn(program, ["--inlines", native], { stdio: ["ignore", "pipe", "pipe"] });
  let says = "";
  child.stderr.on("data", (piece) => {
    says = `${says}${piece}`.slice(-500);
  });
  const ended = new Promise<string | undefined>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code) =>
      resolve(code === 0 ? undefined : says.trim().split("\n").at(-1) || `exit ${code}`),
    );
  });
  await pipeline(child.stdout, createWriteStream(symFile));
  return ended;
}
