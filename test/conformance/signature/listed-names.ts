import { readFileSync } from "node:fs";
import { join } from "node:path";
import { siglistFiles } from "@mayday/signature";

/** Names that a folder of lists knows: its lines, where they stand for themselves. */
export function listedNames(folder: string): string[] {
  const lines = siglistFiles.flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n"));
  return lines
    .map((line) => line.trim().replaceAll(/\\([^\w\s])/g, "$1"))
    .filter((line) => line !== "" && !line.startsWith("#") && !/[\\^$*+?[\]|]/.test(line));
}
