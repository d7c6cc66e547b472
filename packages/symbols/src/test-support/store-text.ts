import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DEBUG_ID } from "./sym-text.ts";

/** Puts a text, as that of the module `app`, into a folder in symbol-server layout, and gives the file. */
export async function storeText(folder: string, bytes: Uint8Array, ending = ""): Promise<string> {
  const file = join(folder, "app", DEBUG_ID, `app.sym${ending}`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return file;
}
