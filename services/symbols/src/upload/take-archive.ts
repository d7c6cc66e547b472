import { basename } from "node:path";
import type { Upload, UploadedFile } from "../uploads/uploads.ts";
import { type CheckedFile, checkFile } from "./file-check.ts";
import { type KeyedMember, sortMembers } from "./member-names.ts";
import { type SymbolShelf, shelve } from "./symbol-shelf.ts";
import { UploadProblem } from "./upload-problem.ts";
import { type Archive, type ArchiveLimits, openArchive } from "./zip-archive.ts";

/** An archive that was received. */
export interface ReceivedArchive {
  readonly path: string;
  /** Of which the ending is looked at. */
  readonly name: string;
  readonly size: number;
  readonly user: string;
  readonly isTry: boolean;
  readonly downloadUrl: string | null;
  readonly redirectUrls: readonly string[];
}

export interface TakeOptions {
  readonly limits: ArchiveLimits;
  readonly disallowed: readonly string[];
}

/**
 * Checks an archive as a whole, then stores its files and the record of the upload. What is wrong with any of them is
 * told before any is stored.
 * @throws {UploadProblem}
 */
export async function takeArchive(
  received: ReceivedArchive,
  shelf: SymbolShelf,
  { limits, disallowed }: TakeOptions,
): Promise<Upload> {
  const { path, name, size, user, isTry, downloadUrl, redirectUrls } = received;
  const ending = /\.[^.]*$/.exec(basename(name))?.[0] ?? "";
  if (ending.toLowerCase() !== ".zip") {
    throw new UploadProblem(`Unrecognized archive file extension "${ending.toLowerCase()}"`);
  }
  const createdAt = new Date().toISOString();
  const id = shelf.uploads.newId();
  const archive = await openArchive(path, limits);
  try {
    const { keyed, ignored } = sortMembers(archive.members, disallowed);
    const checked = await checkAll(archive, keyed);
    const begun = {
      id,
      user,
      filename: name,
      size,
      isTry,
      downloadUrl,
      redirectUrls,
      skippedKeys: [] as string[],
      ignoredKeys: ignored,
      createdAt,
      completedAt: null,
      files: [] as UploadedFile[],
    };
    await shelf.uploads.save(begun);
    for (const [index, { member, key }] of keyed.entries()) {
      const read = () => archive.read(member);
      const stored = await shelve(shelf, { key, isTry, uploadId: id, checked: checked[index]!, read });
      if (stored === undefined) begun.skippedKeys.push(member.name);
      else begun.files.push(stored);
    }
    const upload = { ...begun, completedAt: new Date().toISOString() };
    await shelf.uploads.save(upload);
    return upload;
  } finally {
    archive.close();
  }
}

async function checkAll(archive: Archive, keyed: readonly KeyedMember[]): Promise<CheckedFile[]> {
  const checked: CheckedFile[] = [];
  for (const { member, key } of keyed) checked.push(await checkFile(key.symbolFile, archive.read(member)));
  return checked;
}
