import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { readSettings } from "@mayday/config";
import { type MakeSignature, parseCrashData, siggenResult, signatureMaker } from "@mayday/signature";
import { jsonLines } from "./json-lines.ts";
import { named } from "./named.ts";
import { signatureSettings } from "./settings.ts";

export interface SignatureOptions {
  /** Folder of lists. */
  readonly siglists?: string;
  /** Names of signature switches. */
  readonly switch?: readonly string[];
  /** Whether to tell the steps that led to each signature. */
  readonly explain?: boolean;
}

/** `mayday signature`: crash data as JSON lines on standard input to signatures as JSON lines on standard output. */
export async function signature(options: SignatureOptions): Promise<void> {
  const settings = readSettings(signatureSettings, process.env);
  const makeSignature = await signatureMaker(
    options.siglists ?? settings.SIGNATURE_LISTS,
    options.switch ?? settings.SIGNATURE_SWITCHES,
  );
  try {
    await pipeline(Readable.from(answers(makeSignature, options.explain ?? false)), process.stdout);
  } catch (error) {
    // Whoever read the answers has seen enough.
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
  }
}

async function* answers(makeSignature: MakeSignature, explain: boolean): AsyncIterable<string> {
  for await (const { line, value } of jsonLines(process.stdin, "standard input")) {
    const crash = named(`standard input line ${line}`, () => parseCrashData(value));
    const result = makeSignature(crash);
    const answer = { ...siggenResult(result), ...(explain ? { steps: result.steps } : {}) };
    yield `${JSON.stringify(answer)}\n`;
  }
}
