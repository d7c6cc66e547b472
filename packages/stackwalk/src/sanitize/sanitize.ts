import {
  type AddressSpan,
  type ByteSource,
  blankMinidump,
  instructionPointer,
  lastErrorAddress,
  type Minidump,
  type MinidumpError,
  type MinidumpModule,
  readMinidump,
  type SparseBytes,
  stackPointer,
} from "@mayday/minidump";
import type { SymbolsAnswer } from "../address-space/module-symbols.ts";
import { MAX_INSTRUCTION_BYTES } from "../analysis/amd64-instruction.ts";
import { architectureOf } from "../unwind/architectures.ts";
import { type Walk, walk, walkWith } from "../walk/walk.ts";
import { allImprovements, noImprovements } from "../walk/walk-improvements.ts";

/** What `sanitize` answers. */
export type Sanitized =
  | { readonly ok: true; readonly bytes: SparseBytes; readonly keptBytes: number }
  | { readonly ok: false; readonly error: MinidumpError };

/**
 * A dump that may be shared: the walk of it equals the walk of the one it was made of, with the same symbols and with or
 * without improvements, but of all memory only what these walks depend on is in it. Environment, command line and
 * annotations are gone. Registers, names of threads and handles, and paths of modules stay: reports show them.
 */
export async function sanitize(
  source: ByteSource,
  symbolsOf: (module: MinidumpModule) => Promise<SymbolsAnswer>,
): Promise<Sanitized> {
  const read = readMinidump(source);
  if (!read.ok) return read;
  const { dump } = read;
  const spans = new Map<bigint, number>();
  const keep = ({ address, length }: AddressSpan) =>
    spans.set(address, Math.max(length, spans.get(address) ?? 0));
  const wordBytes = architectureOf(dump.systemInfo.cpu)?.wordBytes ?? dump.systemInfo.pointerWidth;
  const onStackUse = (address: bigint) => keep({ address, length: wordBytes });
  for (const improvements of [allImprovements, noImprovements]) {
    const walked = await walkWith(walk(dump, { improvements, onStackUse }), symbolsOf);
    for (const span of usedByAnalyses(dump, walked)) keep(span);
  }
  const blanked = blankMinidump(
    source,
    [...spans].map(([address, length]) => ({ address, length })),
  );
  if (!blanked.ok) return { ok: false, error: blanked.error };
  const keptBytes = [...spans.values()].reduce((sum, length) => sum + length, 0);
  return { ok: true, bytes: blanked.value, keptBytes };
}

/** Memory outside of the walk: the crashing instruction, where it jumps, and every thread's last error. */
function* usedByAnalyses(dump: Minidump, { crash }: Walk): Iterable<AddressSpan> {
  for (const { teb } of dump.threads)
    yield { address: lastErrorAddress(dump.systemInfo.pointerWidth, teb), length: 4 };
  const context = dump.exception?.context;
  if (context === undefined || crash?.instruction === undefined) return;
  yield { address: instructionPointer(context), length: MAX_INSTRUCTION_BYTES };
  if (crash.jump?.kind !== "to") return;
  yield { address: stackPointer(context), length: 8 };
  for (const { address } of crash.memoryAccesses ?? []) yield { address, length: 8 };
}
