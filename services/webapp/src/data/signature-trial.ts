import type { CrashId } from "@mayday/crash";
import {
  crashDataOf,
  generateSignature,
  parseSiglists,
  type SiglistFile,
  type SignatureDiff,
  SignatureDiffCounter,
  siglistFiles,
} from "@mayday/signature";
import type { WebappParts } from "../parts.ts";
import type { Query } from "./ask.ts";
import { matchingCrashes } from "./matching-crashes.ts";

/** Lines to be added to each list, and lines to be taken away: what a change of the lists is. */
export type ListChanges = ReadonlyMap<SiglistFile, { readonly add: string; readonly drop: string }>;

/** More than somebody waits for: `mayday signature diff` takes its time. */
export const MOST_TRIED = 2000;
const AT_ONCE = 64;

/**
 * What changed lists would do to the signatures of a search's newest crashes.
 * @throws MaydayError CONFIG_INVALID naming the line that cannot be used, SEARCH_BAD_PARAMETER
 */
export async function trySignatures(
  parts: WebappParts,
  changes: ListChanges,
  filters: Query,
): Promise<SignatureDiff> {
  const before = parseSiglists(parts.siglists);
  const after = parseSiglists(changed(parts.siglists, changes));
  const counter = new SignatureDiffCounter();
  let batch: CrashId[] = [];
  let tried = 0;
  const compare = async () => {
    const loaded = await Promise.all(
      batch.map((id) => parts.storage.loadProcessed(id).catch(() => undefined)),
    );
    loaded.forEach((processed, index) => {
      if (processed === undefined) return;
      const crash = crashDataOf(processed);
      const [was, is] = [before, after].map((lists) => generateSignature(crash, lists).signature);
      counter.add(batch[index]!, was!, is!);
    });
    batch = [];
  };
  for await (const id of matchingCrashes(parts, filters)) {
    batch.push(id);
    tried += 1;
    if (batch.length >= AT_ONCE) await compare();
    if (tried >= MOST_TRIED) break;
  }
  await compare();
  return counter.result();
}

/** The lists with the changes made; added lines come first, as the first that matches counts. */
function changed(
  texts: Readonly<Record<SiglistFile, string>>,
  changes: ListChanges,
): Record<SiglistFile, string> {
  const lines = (text: string) => text.split(/\r?\n/).map((line) => line.trim());
  return Object.fromEntries(
    siglistFiles.map((file) => {
      const { add = "", drop = "" } = changes.get(file) ?? {};
      const dropped = new Set(lines(drop).filter((line) => line !== ""));
      const kept = lines(texts[file]).filter((line) => !dropped.has(line));
      return [file, [...lines(add), ...kept].join("\n")];
    }),
  ) as Record<SiglistFile, string>;
}
