import type { Minidump } from "../minidump.ts";
import { readMinidump } from "../read-minidump.ts";
import type { SynthMinidump } from "../synth/index.ts";

/** The dump that `synth` or `bytes` decode to; throws when they do not. */
export function dumpOf(source: SynthMinidump | Uint8Array): Minidump {
  const result = readMinidump(source instanceof Uint8Array ? source : source.finish());
  if (!result.ok) throw new Error(`${result.error.name}: ${result.error.message}`);
  return result.dump;
}

/** Both byte orders, for `describe.each`. */
export const byteOrders = ["little", "big"] as const;
