import { MAIN_DUMP, MaydayError } from "@mayday/crash";

const MAX_NAME = 30;
/** Names of objects that the store keeps for every crash. */
const RESERVED = new Set(["dump_names", "processed_crash", "raw_crash"]);

/**
 * The name under which a part is kept: what is left of its own when only letters, digits and `_` stay.
 * @throws {MaydayError} MALFORMED_INVALID_DUMP_NAME
 */
export function dumpName(partName: string): string {
  const name = partName.replaceAll(/[^A-Za-z0-9_]/g, "").slice(0, MAX_NAME);
  // Some file systems take names that differ in case alone for one.
  if (RESERVED.has(name.toLowerCase())) throw new MaydayError("MALFORMED_INVALID_DUMP_NAME");
  // Stores keep the main dump as `dump`: a part of that name, or of none, is the main dump.
  return name === "" || name.toLowerCase() === "dump" ? MAIN_DUMP : name;
}

/** A name that no dump has yet: names that become alike must not overwrite each other. */
export function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  const lower = new Set([...taken.keys()].map((key) => key.toLowerCase()));
  if (!lower.has(name.toLowerCase())) return name;
  for (let number = 2; ; number++) {
    const numbered = `${name.slice(0, MAX_NAME - 1 - String(number).length)}_${number}`;
    if (!lower.has(numbered.toLowerCase())) return numbered;
  }
}
