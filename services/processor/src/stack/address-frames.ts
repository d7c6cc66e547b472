import type { FrameJson, ModuleJson, StackJson } from "@mayday/crash";
import {
  type FindSymbols,
  findModules,
  retryDamaged,
  type SymbolicatedFrame,
  symbolicateJobs,
} from "@mayday/symbols";

interface Place {
  readonly address: bigint;
  /** Its place in `modules`; -1 where it is in none. */
  readonly index: number;
  readonly module: ModuleJson | undefined;
  readonly base: bigint;
}

/**
 * Stacks of return addresses that a client wrote down, as frames: in which module each is, and which call it returns to.
 * @param walk of the same process: its modules tell where things were
 */
export async function addressFrames(
  stacks: readonly (readonly bigint[])[],
  { modules }: Pick<StackJson, "modules">,
  find: FindSymbols,
): Promise<FrameJson[][]> {
  const known = (Array.isArray(modules) ? modules : []) as readonly (ModuleJson | null)[];
  const ranges = known.map(rangeOf);
  const placed = stacks.map((stack) =>
    stack.map((address): Place => {
      const index = ranges.findIndex(
        (range) => range !== undefined && range.base <= address && address < range.end,
      );
      return { address, index, module: known[index] ?? undefined, base: ranges[index]?.base ?? 0n };
    }),
  );
  const job = {
    memoryMap: known.map((module) => [module?.debug_file ?? "", module?.debug_id ?? ""] as const),
    // The call is before what it returns to.
    stacks: placed.map((stack) =>
      stack.map(({ address, index, base }) =>
        index < 0 || address === base ? ([-1, -1] as const) : ([index, Number(address - base - 1n)] as const),
      ),
    ),
  };
  const [answer] = await retryDamaged(async () => symbolicateJobs([job], await findModules([job], find)));
  return placed.map((stack, number) =>
    stack.map((place, frame) => frameJson(frame, place, answer?.stacks[number]?.[frame])),
  );
}

function rangeOf(module: ModuleJson | null): { base: bigint; end: bigint } | undefined {
  const [base, end] = [hexOf(module?.base_addr), hexOf(module?.end_addr)];
  return base === undefined || end === undefined ? undefined : { base, end };
}

const hexOf = (text: unknown): bigint | undefined =>
  typeof text === "string" && /^0x[0-9a-f]{1,16}$/i.test(text) ? BigInt(text) : undefined;

function frameJson(
  frame: number,
  { address, module, base }: Place,
  answer: SymbolicatedFrame | undefined,
): FrameJson {
  const offset = hex(address);
  if (module === undefined) return { frame, offset };
  const { function: name, file, line, inlines } = answer ?? {};
  return {
    frame,
    offset,
    module: module.filename ?? null,
    module_offset: hex(address - base),
    ...(name === undefined ? { missing_symbols: true } : { function: name }),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(inlines === undefined ? {} : { inlines }),
  };
}

const hex = (value: bigint): string => `0x${value.toString(16)}`;
