import { existsSync } from "node:fs";
import { join } from "node:path";
import { readSettings } from "@mayday/config";
import { MaydayError } from "@mayday/errors";
import type { SearchEngine } from "@mayday/search";
import { signatureMaker } from "@mayday/signature";
import { createCrashStorage, type ObjectStore } from "@mayday/storage";
import { progressOn } from "../progress.ts";
import { compare } from "./compare.ts";
import { crashesInFiles } from "./crash-files.ts";
import type { CrashSource } from "./crash-source.ts";
import { diffText } from "./diff-text.ts";
import { idsByIndex, idsByWebapp } from "./searched-ids.ts";
import { signatureSettings } from "./settings.ts";
import { storedCrashes } from "./stored-crashes.ts";

export interface DiffOptions {
  /** Folder of the lists to try. */
  readonly siglists: string;
  /** Folder of the lists to compare with; those in use when absent. */
  readonly against?: string;
  /** Names of signature switches, on both sides. */
  readonly switch?: readonly string[];
  /** The pipeline's data folder. */
  readonly data?: string;
  /** A Super Search query: only the stored crashes that it finds. */
  readonly search?: string;
  /** Address of the webapp that answers the search; the index in the data folder when absent. */
  readonly webapp?: string;
  readonly sample?: number;
  readonly json?: boolean;
}

/** Ways to what is stored: adapters are named where the program begins. */
export interface Openers {
  openObjectStore(folder: string): Promise<ObjectStore>;
  openEngine(path: string): Promise<SearchEngine>;
}

/** `mayday signature diff`: what other lists would do to the signatures of crashes, in files or stored. */
export async function diffCommand(
  files: readonly string[],
  options: DiffOptions,
  openers: Openers,
): Promise<void> {
  const settings = readSettings(signatureSettings, process.env);
  const switches = options.switch ?? settings.SIGNATURE_SWITCHES;
  const before = await signatureMaker(options.against ?? settings.SIGNATURE_LISTS, switches);
  const after = await signatureMaker(options.siglists, switches);
  const source =
    files.length > 0
      ? crashesInFiles(files)
      : await openStored(options.data ?? settings.MAYDAY_DATA_DIR, options, openers);
  const diff = await compare(source, before, after, progressOn(process.stderr, comparedText(source)));
  const skipped = source.skipped();
  console.log(options.json ? JSON.stringify({ ...diff, skipped }) : diffText(diff, skipped));
}

function comparedText({ total }: CrashSource): (done: number) => string {
  const of = total === undefined ? "" : ` of ${total.toLocaleString("en")}`;
  return (done) => `${done.toLocaleString("en")}${of} crashes compared`;
}

async function openStored(dataDir: string, options: DiffOptions, openers: Openers): Promise<CrashSource> {
  const folder = join(dataDir, "crashes");
  if (!existsSync(folder)) throw new MaydayError("FILE_UNREADABLE", `${folder} is not there`);
  const storage = createCrashStorage(await openers.openObjectStore(folder));
  const sample = options.sample === undefined ? {} : { sample: options.sample };
  const { search, webapp } = options;
  if (search === undefined) return storedCrashes(storage, sample);
  if (webapp !== undefined) return storedCrashes(storage, { ids: idsByWebapp(webapp, search), ...sample });
  const engine = await openIndex(join(dataDir, "search.duckdb"), openers);
  try {
    return await storedCrashes(storage, { ids: idsByIndex(engine, search), ...sample });
  } finally {
    await engine.close();
  }
}

async function openIndex(path: string, { openEngine }: Openers): Promise<SearchEngine> {
  if (!existsSync(path)) throw new MaydayError("FILE_UNREADABLE", `${path} is not there`);
  return openEngine(path).catch((cause) => {
    const hint = "while a pipeline runs, ask its webapp: --webapp http://127.0.0.1:8020";
    throw new MaydayError("SEARCH_UNAVAILABLE", `${path} cannot be opened; ${hint}`, { cause });
  });
}
