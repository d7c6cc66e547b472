import type { ProcessedCrash } from "@mayday/crash";
import { rule } from "../../rule.ts";
import { addressFrames } from "../../stack/address-frames.ts";

/** The heap checker writes 16 at most. */
const MOST_FRAMES = 64;
const MOST_ADDRESS = 2n ** 64n;

/**
 * Ours: where memory that was misused had been allocated and freed, as frames with their functions. What the heap checker
 * wrote are addresses of this process, which the modules of the main dump's walk place.
 */
export const phcStacks = rule({
  name: "PHCStacksRule",
  reads: ["json_dump", "phc_alloc_stack", "phc_free_stack"],
  writes: ["phc_alloc_frames", "phc_free_frames"],
  async act({ processed, notes }, { find }) {
    const { json_dump: walk, phc_alloc_stack: allocated, phc_free_stack: freed } = processed;
    if (walk === undefined || walk === null) return;
    const stacks: [field: Written, addresses: readonly bigint[]][] = [];
    const read = (field: Written, annotation: string, text: string | undefined) => {
      if (text === undefined || text === "") return;
      const addresses = addressesOf(text);
      if (addresses === undefined) notes.push(`${annotation} is no list of addresses`);
      else stacks.push([field, addresses]);
    };
    read("phc_alloc_frames", "PHCAllocStack", allocated);
    read("phc_free_frames", "PHCFreeStack", freed);
    if (stacks.length === 0) return;
    const frames = await addressFrames(
      stacks.map(([, addresses]) => addresses),
      walk,
      find,
    );
    for (const [number, [field]] of stacks.entries()) processed[field] = frames[number]!;
  },
});

type Written = keyof Pick<ProcessedCrash, "phc_alloc_frames" | "phc_free_frames">;

/** Addresses, decimal, between commas, the innermost first; undefined where a text is none. */
function addressesOf(text: string): bigint[] | undefined {
  const parts = text.split(",", MOST_FRAMES).map((part) => part.trim());
  if (!parts.every((part) => /^\d{1,20}$/.test(part))) return undefined;
  const addresses = parts.map(BigInt);
  return addresses.every((address) => address < MOST_ADDRESS) ? addresses : undefined;
}
