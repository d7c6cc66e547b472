import { MaydayError } from "@mayday/errors";
import { bytesOfFile, Symcache } from "@mayday/symbols";

/** `mayday symcache info`: what a symcache says of itself, as JSON. */
export function infoCommand(file: string): void {
  const symcache = openSymcache(file);
  console.log(JSON.stringify({ ...symcache.info, tables: symcache.tables }, undefined, 2));
}

/**
 * `mayday symcache lookup`: what stands at each module offset, as JSON lines.
 * @returns whether anything was found
 */
export function lookupCommand(file: string, addresses: readonly number[]): boolean {
  const symcache = openSymcache(file);
  let isFound = false;
  for (const address of addresses) {
    const hit = symcache.lookup(address);
    isFound ||= hit !== undefined;
    console.log(
      JSON.stringify({
        address: hex(address),
        function: hit?.function ?? null,
        function_offset: hit === undefined ? null : hex(address - hit.functionStart),
        file: hit?.file ?? null,
        line: hit?.line ?? null,
        inlines: (hit?.inlines ?? []).map(({ function: name, file, line }) => ({
          function: name,
          file: file ?? null,
          line: line ?? null,
        })),
      }),
    );
  }
  return isFound;
}

function openSymcache(file: string): Symcache {
  try {
    return new Symcache(bytesOfFile(file));
  } catch (error) {
    if (error instanceof MaydayError) throw error;
    throw new MaydayError("FILE_UNREADABLE", (error as Error).message);
  }
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
