import { buildSymcache } from "../build-symcache.ts";
import { type SymbolHit, Symcache } from "../symcache.ts";

export const DEBUG_ID = "000102030405060708090A0B0C0D0E0F0";
export const MODULE_LINE = `MODULE Linux x86_64 ${DEBUG_ID} app`;

/** A symbol file's text: the MODULE line and the given ones. */
export function symText(...lines: readonly string[]): Buffer {
  return Buffer.from([MODULE_LINE, ...lines, ""].join("\n"));
}

/** The symcache of a text of these lines. */
export async function symcacheOf(...lines: readonly string[]): Promise<Symcache> {
  return new Symcache(await buildSymcache([symText(...lines)]));
}

/** A hit as a stack would show it, innermost first: `inner c.c:3 < outer a.c:1`; a dash stands for what is unknown. */
export function shown(hit: SymbolHit | undefined): string {
  if (hit === undefined) return "-";
  return [...hit.inlines, hit]
    .map(({ function: name, file, line }) => `${name} ${file ?? "-"}:${line ?? "-"}`)
    .join(" < ");
}
