import { type MakeSignature, type SignatureDiff, SignatureDiffCounter } from "@mayday/signature";
import type { Progress } from "../progress.ts";
import type { CrashSource } from "./crash-source.ts";

/** Makes every crash's signature in two ways and counts what differs. */
export async function compare(
  source: CrashSource,
  before: MakeSignature,
  after: MakeSignature,
  progress: Progress,
): Promise<SignatureDiff> {
  const counter = new SignatureDiffCounter();
  try {
    for await (const { name, crash } of source.crashes) {
      counter.add(name, before(crash).signature, after(crash).signature);
      progress.add(1);
    }
  } finally {
    progress.end();
  }
  return counter.result();
}
