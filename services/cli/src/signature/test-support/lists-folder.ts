import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { siglistFiles } from "@mayday/signature";

/** Writes a folder of lists: the named files with these lines, the others empty. */
export async function writeLists(
  folder: string,
  lines: Partial<Record<(typeof siglistFiles)[number], readonly string[]>>,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const file of siglistFiles) await writeFile(join(folder, file), (lines[file] ?? []).join("\n"));
  return folder;
}
