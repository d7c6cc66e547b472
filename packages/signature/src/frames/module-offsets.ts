import { listOf, recordOf, textOf } from "../crash-data/json-value.ts";
import { withoutLeadingZeros } from "./normalize-frame.ts";
import type { StackFrame } from "./thread-frames.ts";

/**
 * The signature of a stack without symbols: `libtea.so@0x1f2e | tea@0x3c`, each module once, with the offset of its
 * first frame.
 * @param parts the frames that make the signature
 * @returns undefined when one of them says more than its module, or none has an offset
 */
export function signatureByOffsets(parts: readonly StackFrame[]): string | undefined {
  const places = new Map<string, string>();
  for (const { made, fields } of parts) {
    const { text, source } = made;
    if (source !== "module" && source !== "unloaded module") return undefined;
    if (!places.has(text)) places.set(text, placeIn(text, offsetOf(fields)));
  }
  const modules = [...places.keys()];
  const signature = [...places.values()].join(" | ");
  return signature === modules.join(" | ") ? undefined : signature;
}

function placeIn(module: string, offset: string | undefined): string {
  return offset === undefined ? module : `${module}@${withoutLeadingZeros(offset)}`;
}

/** Where in its module the frame is; of an unloaded one, where it was. */
function offsetOf(fields: Readonly<Record<string, unknown>>): string | undefined {
  const unloaded = recordOf(listOf(fields["unloaded_modules"])[0]);
  return textOf(fields["module_offset"]) ?? textOf(listOf(unloaded["offsets"])[0]);
}
