import { createReadStream } from "node:fs";
import type { SymbolKey } from "@mayday/storage";
import { inflated } from "@mayday/symbols";
import type { Plans, StoredPlan } from "../uploads/plans.ts";
import { checkFile, isSymbolFile } from "./file-check.ts";
import { keyOf, type PlannedFile } from "./plan.ts";
import { isSame, type SymbolShelf, shelve } from "./symbol-shelf.ts";
import { UploadProblem } from "./upload-problem.ts";

/** Which file of a plan it is that has come. */
interface PlannedPlace {
  readonly plan: StoredPlan;
  readonly file: PlannedFile;
  readonly key: SymbolKey;
}

/** Of a plan by its secret the file of a number; undefined where there is none that may be uploaded. */
export async function plannedPlace(
  plans: Pick<Plans, "read">,
  { secret, index }: { readonly secret: string; readonly index: string },
): Promise<PlannedPlace | undefined> {
  const plan = await plans.read(secret);
  const file = plan?.files[Number(index)];
  const key = file && keyOf(file);
  if (plan === undefined || file === undefined || key === undefined || typeof key === "string")
    return undefined;
  return { plan, file, key };
}

/**
 * Stores a file of a plan that has come, and notes so on the upload: when it is what the plan said, whole.
 * @param path where it lies, compressed or not
 * @throws {UploadProblem} when it is another one
 */
export async function takePlanned(
  path: string,
  { plan: { uploadId, isTry }, file, key }: PlannedPlace,
  shelf: SymbolShelf,
): Promise<void> {
  const read = () => plainBytes(path, key.symbolFile);
  const checked = await checkFile(key.symbolFile, bounded(read(), file.size)).catch((error) => {
    throw error instanceof UploadProblem
      ? error
      : new UploadProblem(`it cannot be inflated: ${error.message}`);
  });
  if (!isSame(checked, file)) {
    throw new UploadProblem(`it is another file than was planned: ${checked.size} bytes, MD5 ${checked.md5}`);
  }
  const stored = await shelve(shelf, { key, isTry, uploadId, checked, read });
  if (stored !== undefined) await shelf.uploads.noteFile(uploadId, stored.key, stored);
}

/** The file as it was before it was compressed, whether the client did so or not. */
function plainBytes(path: string, name: string): AsyncIterable<Uint8Array> {
  const bytes = createReadStream(path);
  return isSymbolFile(name) ? inflated(bytes) : bytes;
}

async function* bounded(bytes: AsyncIterable<Uint8Array>, size: number): AsyncIterable<Uint8Array> {
  let length = 0;
  for await (const piece of bytes) {
    length += piece.length;
    if (length > size) throw new UploadProblem("it is longer than was planned");
    yield piece;
  }
}
