import type { CrashData } from "./crash-data/crash-data.ts";
import { generateSignature } from "./generate-signature.ts";
import type { SignatureResult } from "./result/signature-result.ts";
import { defaultSiglistsFolder, loadSiglists } from "./siglists/load-siglists.ts";
import { parseSignatureSwitches } from "./signature-switches.ts";

/** Makes the signature of a crash with lists and switches that were chosen once. Never throws. */
export type MakeSignature = (crash: CrashData) => SignatureResult;

/**
 * Makes a maker of signatures.
 * @param folder of lists; the project's own when empty
 * @param switches names of signature switches
 * @throws MaydayError FILE_UNREADABLE for a list that is not there, CONFIG_INVALID for a bad line or an unknown switch
 */
export async function signatureMaker(folder = "", switches: readonly string[] = []): Promise<MakeSignature> {
  const on = parseSignatureSwitches(switches);
  const siglists = await loadSiglists(folder || defaultSiglistsFolder);
  return (crash) => generateSignature(crash, siglists, on);
}
