import type { CfiExpression, CfiRules } from "../sym-text/cfi-rules.ts";
import { buildSymcache, type Expectation } from "../symcache/build/build-symcache.ts";
import { SpillingFile } from "../symcache/build/spilling-file.ts";
import type { SymbolHit } from "../symcache/read/symbol-lookups.ts";
import { Symcache } from "../symcache/read/symcache.ts";

export const DEBUG_ID = "000102030405060708090A0B0C0D0E0F0";
export const MODULE_LINE = `MODULE Linux x86_64 ${DEBUG_ID} app`;

/** A symbol file's text: the MODULE line and the given ones. */
export function symText(...lines: readonly string[]): Buffer {
  return Buffer.from([MODULE_LINE, ...lines, ""].join("\n"));
}

/** The bytes of a text's symcache. */
export async function symcacheBytes(
  text: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  expected?: Expectation,
): Promise<Buffer> {
  const out = new SpillingFile();
  await buildSymcache(text, out, expected);
  const bytes = Buffer.alloc(out.length);
  out.read(0, out.length, bytes);
  return bytes;
}

/** The symcache of a text of these lines. */
export async function symcacheOf(...lines: readonly string[]): Promise<Symcache> {
  return new Symcache(await symcacheBytes([symText(...lines)]));
}

/** Rules as a symbol file writes them, but for the `$` of registers; "-" for none. */
export function shownRules(rules: CfiRules | undefined): string {
  if (rules === undefined) return "-";
  const { cfa, returnAddress, registers } = rules;
  const all: (readonly [string, CfiExpression | undefined])[] = [
    [".cfa", cfa],
    [".ra", returnAddress],
    ...registers,
  ];
  return all.flatMap(([name, rule]) => (rule === undefined ? [] : [`${name}: ${shownRule(rule)}`])).join(" ");
}

function shownRule(rule: CfiExpression): string {
  if (rule.kind !== "steps") {
    return `${rule.base} ${rule.offset} +${rule.kind === "load" ? " ^" : ""}`;
  }
  const words = rule.steps.map((step) => {
    if (step.op === "literal") return BigInt.asIntN(64, step.value);
    return step.op === "register" ? step.name : step.op;
  });
  return words.join(" ");
}

/** A hit as a stack would show it, innermost first: `inner c.c:3 < outer a.c:1`; a dash stands for what is unknown. */
export function shown(hit: SymbolHit | undefined): string {
  if (hit === undefined) return "-";
  return [...hit.inlines, hit]
    .map(({ function: name, file, line }) => `${name} ${file ?? "-"}:${line ?? "-"}`)
    .join(" < ");
}
