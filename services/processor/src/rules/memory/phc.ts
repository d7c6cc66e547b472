import { rule } from "../../rule.ts";
import { annotationText } from "../../values/annotation-text.ts";
import { bigOf, wholeOf } from "../../values/numbers.ts";

/** What the probabilistic heap checker knows of the memory that was misused. */
export const phc = rule({
  name: "PHCRule",
  annotations: ["PHCKind", "PHCBaseAddress", "PHCUsableSize", "PHCAllocStack", "PHCFreeStack"],
  writes: ["phc_kind", "phc_base_address", "phc_usable_size", "phc_alloc_stack", "phc_free_stack"],
  act({ raw, processed, notes }) {
    if (raw.PHCKind === undefined) return;
    const kind = annotationText(raw.PHCKind);
    if (kind !== undefined) processed.phc_kind = kind;
    const address = wholeOf(raw.PHCBaseAddress);
    if (address !== undefined) processed.phc_base_address = hex(bigOf(address));
    else if (raw.PHCBaseAddress !== undefined) notes.push("PHCBaseAddress has a non-int value");
    const size = wholeOf(raw.PHCUsableSize);
    if (size !== undefined) processed.phc_usable_size = size;
    else if (raw.PHCUsableSize !== undefined) notes.push("PHCUsableSize has a non-int value");
    const allocated = annotationText(raw.PHCAllocStack);
    if (allocated !== undefined) processed.phc_alloc_stack = allocated;
    const freed = annotationText(raw.PHCFreeStack);
    if (freed !== undefined) processed.phc_free_stack = freed;
  },
});

function hex(value: bigint): string {
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}
