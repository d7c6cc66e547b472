import { once } from "node:events";
import { readSettings } from "@mayday/config";
import { parseCrashData, siggenResult, signatureMaker } from "@mayday/signature";
import { jsonLines } from "./json-lines.ts";
import { signatureSettings } from "./settings.ts";

export interface SignatureOptions {
  /** Folder of lists. */
  readonly siglists?: string;
  /** Names of signature switches. */
  readonly switch?: readonly string[];
  /** Whether to leave out the named improvements. */
  readonly parity?: boolean;
  /** Whether to tell the steps that led to each signature. */
  readonly explain?: boolean;
}

/** `mayday signature`: crash data as JSON lines on standard input to signatures as JSON lines on standard output. */
export async function signatureCommand(options: SignatureOptions): Promise<void> {
  const settings = readSettings(signatureSettings, process.env);
  const makeSignature = await signatureMaker(options.siglists ?? settings.SIGNATURE_LISTS, [
    ...(options.switch ?? settings.SIGNATURE_SWITCHES),
    ...(options.parity ? ["parity"] : []),
  ]);
  for await (const { line, value } of jsonLines(process.stdin, "standard input")) {
    const result = makeSignature(parseCrashData(value, `standard input line ${line}`));
    const answer = { ...siggenResult(result), ...(options.explain ? { steps: result.steps } : {}) };
    if (!process.stdout.write(`${JSON.stringify(answer)}\n`)) await once(process.stdout, "drain");
  }
}
