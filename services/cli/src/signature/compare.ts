import { type MakeSignature, type SignatureDiff, SignatureDiffCounter } from "@mayday/signature";
import type { CrashSource } from "./crash-source.ts";

/** Makes every crash's signature in two ways and counts what differs. */
export async function compare(
  source: CrashSource,
  before: MakeSignature,
  after: MakeSignature,
  onCrash: () => void,
): Promise<SignatureDiff> {
  const counter = new SignatureDiffCounter();
  for await (const { name, crash } of source.crashes) {
    counter.add(name, before(crash).signature, after(crash).signature);
    onCrash();
  }
  return counter.result();
}
