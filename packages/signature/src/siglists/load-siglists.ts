import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MaydayError } from "@mayday/errors";
import { type SiglistFile, siglistFiles } from "./siglist.ts";
import { parseSiglists, type Siglists } from "./siglists.ts";

/** The folder of the project's own lists. */
export const defaultSiglistsFolder = fileURLToPath(new URL("../../siglists", import.meta.url));

/**
 * Reads and compiles the four lists of a folder; a folder replaces all four.
 * @throws MaydayError FILE_UNREADABLE for a file that is not there, CONFIG_INVALID naming file and line of a bad line
 */
export async function loadSiglists(folder: string): Promise<Siglists> {
  return parseSiglists(await siglistTexts(folder), join(folder, "/"));
}

/**
 * The texts of the four lists of a folder, the project's own when empty.
 * @throws MaydayError FILE_UNREADABLE for a file that is not there
 */
export async function siglistTexts(folder = ""): Promise<Record<SiglistFile, string>> {
  const texts = siglistFiles.map(async (file) => [
    file,
    await textOfFile(folder || defaultSiglistsFolder, file),
  ]);
  return Object.fromEntries(await Promise.all(texts));
}

async function textOfFile(folder: string, file: SiglistFile): Promise<string> {
  const path = join(folder, file);
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new MaydayError("FILE_UNREADABLE", path, { cause });
  }
}

/** Names what the lists of a folder say, the project's own when empty: any change of a list changes it. */
export async function siglistsVersion(folder = ""): Promise<string> {
  const hash = createHash("sha256");
  for (const file of siglistFiles)
    hash.update(`${file}\0${await textOfFile(folder || defaultSiglistsFolder, file)}\0`);
  return hash.digest("hex").slice(0, 12);
}
