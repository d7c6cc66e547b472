import type { CrashData, CrashFrame } from "../crash-data/crash-data.ts";
import type { SiglistFile } from "../siglists/siglist.ts";
import { parseSiglists, type Siglists } from "../siglists/siglists.ts";

const files: Readonly<Record<string, SiglistFile>> = {
  sentinels: "signature_sentinels.txt",
  irrelevant: "irrelevant_signature_re.txt",
  prefix: "prefix_signature_re.txt",
  lineNumbers: "signatures_with_line_numbers_re.txt",
};

/** Lists of a test, by their short names; those not given are empty. */
export function lists(
  given: Partial<Record<"sentinels" | "irrelevant" | "prefix" | "lineNumbers", string[]>> = {},
): Siglists {
  const texts = Object.entries(files).map(([name, file]) => [
    file,
    (given[name as keyof typeof given] ?? []).join("\n"),
  ]);
  return parseSiglists(Object.fromEntries(texts) as Record<SiglistFile, string>);
}

/** A crash whose only thread has these frames: each a function's name, or a frame. */
export function crashOf(...frames: readonly (string | CrashFrame)[]): CrashData {
  return {
    os: "Linux",
    crashing_thread: 0,
    threads: [{ frames: frames.map((frame) => (typeof frame === "string" ? { function: frame } : frame)) }],
  };
}
