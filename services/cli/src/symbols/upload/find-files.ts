import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { MaydayError } from "@mayday/errors";
import { type FileKind, kindOfFile } from "./kind-of-file.ts";

export interface FoundFile {
  readonly path: string;
  readonly kind: Exclude<FileKind, "other">;
}

/** The files that can be uploaded among some files and below some folders; others are passed over. */
export async function findFiles(places: readonly string[]): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const place of places) {
    const facts = await stat(place).catch((error) => {
      throw new MaydayError("FILE_UNREADABLE", `${place}: ${error.code}`);
    });
    const paths = facts.isDirectory() ? await below(place) : [place];
    for (const path of paths) {
      const kind = await kindOfFile(path);
      if (kind !== "other") found.push({ path, kind });
    }
  }
  return found;
}

async function below(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
