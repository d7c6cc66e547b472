import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where the services of a data folder listen. */
export interface Addresses {
  readonly collector: string;
  readonly symbols: string;
  readonly webapp: string;
}

const fileIn = (dataDir: string) => join(dataDir, "addresses.json");

/** Notes where services listen, so that commands find them. */
export async function noteAddresses(dataDir: string, addresses: Addresses): Promise<void> {
  await writeFile(`${fileIn(dataDir)}.new`, `${JSON.stringify(addresses)}\n`);
  await rename(`${fileIn(dataDir)}.new`, fileIn(dataDir));
}

/** Where the services of a data folder were when they started last; undefined where none ever did. */
export async function addressesOf(dataDir: string): Promise<Addresses | undefined> {
  try {
    return JSON.parse(await readFile(fileIn(dataDir), "utf8")) as Addresses;
  } catch {
    return undefined;
  }
}
