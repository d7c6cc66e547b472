import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorLine, MaydayError } from "@mayday/errors";
import { type Progress, progressOn } from "../../progress.ts";
import { dumpSymbols, findDumpSyms } from "./dump-symbols.ts";
import { type FoundFile, findFiles } from "./find-files.ts";
import { readSymbolFile, type UploadableFile } from "./symbol-file.ts";
import { type PlannedAction, type SymbolsClient, symbolsClient } from "./symbols-client.ts";

export interface UploadOptions {
  readonly url?: string;
  readonly token?: string;
  readonly try?: boolean;
  /** Files at once. */
  readonly parallel: number;
}

/** Files whose plan is asked for together. */
const PLANNED_TOGETHER = 100;

const DEFAULT_URL = "http://127.0.0.1:8010";

/**
 * `mayday symbols upload`: uploads symbol files, zips of them, and what symbols can be made of. What is there already is
 * skipped, so that a second run goes on where the first one stopped.
 * @returns whether all went well
 */
export async function uploadCommand(places: readonly string[], options: UploadOptions): Promise<boolean> {
  const token = options.token ?? process.env["MAYDAY_TOKEN"] ?? "";
  if (token === "") throw new MaydayError("USAGE", "a token is needed: --token or MAYDAY_TOKEN");
  const url = options.url ?? process.env["MAYDAY_URL"] ?? DEFAULT_URL;
  const client = symbolsClient({ url, token, isTry: options.try === true });
  const files = await findFiles(places);
  const count: Count = { uploaded: 0, skipped: 0, failed: 0 };
  const progress = progressOn(
    process.stderr,
    (done) => `${done} of ${files.length} files, ${count.skipped} of them there already`,
  );
  const scratch = await mkdtemp(join(tmpdir(), "mayday-dump-"));
  const upload = new Uploading(client, count, progress, options.parallel);
  try {
    const missing = await upload.run(files, scratch);
    progress.end();
    for (const problem of upload.problems) console.error(problem);
    if (missing > 0) {
      console.error(
        `${missing} files of native code were passed over: that needs Mozilla's dump_syms (cargo install dump_syms), on the PATH or as DUMP_SYMS`,
      );
    }
  } finally {
    progress.end();
    await rm(scratch, { recursive: true, force: true });
  }
  const { uploaded, skipped, failed } = count;
  console.log(`${uploaded} uploaded, ${skipped} there already, ${failed} failed`);
  return failed === 0;
}

interface Count {
  uploaded: number;
  skipped: number;
  failed: number;
}

class Uploading {
  readonly problems: string[] = [];
  readonly #client: SymbolsClient;
  readonly #count: Count;
  readonly #progress: Progress;
  readonly #parallel: number;

  constructor(client: SymbolsClient, count: Count, progress: Progress, parallel: number) {
    this.#client = client;
    this.#count = count;
    this.#progress = progress;
    this.#parallel = parallel;
  }

  /** @returns how many native files were passed over, since nothing is there to make symbols of them */
  async run(files: readonly FoundFile[], scratch: string): Promise<number> {
    const dumpSyms = findDumpSyms(process.env);
    const native = files.filter(({ kind }) => kind === "native");
    const usable = dumpSyms === undefined ? files.filter(({ kind }) => kind !== "native") : files;
    for (let from = 0; from < usable.length; from += PLANNED_TOGETHER) {
      const some = usable.slice(from, from + PLANNED_TOGETHER);
      const read: UploadableFile[] = [];
      await this.#each(some, async (file, index) => {
        if (file.kind === "archive") await this.#sendArchive(file.path);
        else {
          const symFile = join(scratch, `${from + index}.sym`);
          const ready = await this.#read(file, symFile, dumpSyms ?? "");
          if (ready !== undefined) read.push(ready);
        }
      });
      await this.#uploadAll(read);
      await Promise.all(some.map((_, index) => rm(join(scratch, `${from + index}.sym`), { force: true })));
    }
    return dumpSyms === undefined ? native.length : 0;
  }

  async #read(
    { path, kind }: FoundFile,
    symFile: string,
    dumpSyms: string,
  ): Promise<UploadableFile | undefined> {
    const problem = kind === "native" ? await dumpSymbols(dumpSyms, path, symFile) : undefined;
    const ready = problem ?? (await readSymbolFile(kind === "native" ? symFile : path));
    if (typeof ready !== "string") return ready;
    this.#fail(path, ready);
    return undefined;
  }

  async #uploadAll(files: readonly UploadableFile[]): Promise<void> {
    if (files.length === 0) return;
    const actions = await this.#client.plan(files);
    await this.#each(files, (file, index) => this.#upload(file, actions[index] as PlannedAction));
  }

  async #upload(file: UploadableFile, action: PlannedAction): Promise<void> {
    try {
      if (action.type === "error") return this.#fail(file.path, action.msg);
      if (action.type === "upload") await this.#client.send(file, action);
      this.#count[action.type === "skip" ? "skipped" : "uploaded"]++;
      this.#progress.add(1);
    } catch (error) {
      this.#fail(file.path, errorLine(error));
    }
  }

  async #sendArchive(path: string): Promise<void> {
    try {
      const { skipped } = await this.#client.sendArchive(path);
      this.#count.uploaded++;
      if (skipped > 0) this.problems.push(`${path}: ${skipped} of its files are there already`);
      this.#progress.add(1);
    } catch (error) {
      this.#fail(path, errorLine(error));
    }
  }

  #fail(path: string, why: string): void {
    this.#count.failed++;
    this.problems.push(`${path}: ${why}`);
    this.#progress.add(1);
  }

  async #each<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
    const waiting = [...items.entries()];
    const worker = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        await work(next[1], next[0]);
    };
    await Promise.all(Array.from({ length: this.#parallel }, worker));
  }
}
