import { writeFile } from "node:fs/promises";
import { exactNumber } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { readMinidump } from "@mayday/minidump";
import {
  allImprovements,
  clientAnnotations,
  humanReport,
  jsonDump,
  noImprovements,
  type WalkImprovement,
  walk,
  walkImprovements,
  walkWith,
} from "@mayday/stackwalk";
import { retryDamaged } from "@mayday/symbols";
import { oneShotSupply } from "../symbols/local-supply.ts";
import type { OneShotSymbolOptions } from "../symbols/symbol-options.ts";
import { dumpSymbols } from "./dump-symbols.ts";
import { openDump } from "./open-dump.ts";
import { readNamedFile } from "./read-file.ts";

export interface StackwalkOptions extends OneShotSymbolOptions {
  /** Text for people instead of JSON. */
  readonly human?: boolean;
  readonly brief?: boolean;
  readonly pretty?: boolean;
  /** A JSON file of the client's annotations. */
  readonly evilJson?: string;
  readonly outputFile?: string;
  /** False: exactly as minidump-stackwalk walks. */
  readonly improvements: boolean;
  /** Improvements to leave out. */
  readonly without: readonly string[];
}

/** `mayday stackwalk`: prints the walk of a minidump as JSON in minidump-stackwalk's schema, or as text. */
export async function stackwalk(dumpPath: string, options: StackwalkOptions): Promise<void> {
  const improvements = chosenImprovements(options);
  const annotations = await readAnnotations(options.evilJson);
  using file = openDump(dumpPath);
  const read = readMinidump(file.source);
  if (!read.ok) throw new MaydayError("DUMP_UNREADABLE", `${read.error.name}: ${read.error.message}`);
  const { supply, end } = oneShotSupply(options);
  const symbolsOf = dumpSymbols(supply);
  const walked = await retryDamaged(() => walkWith(walk(read.dump, { improvements }), symbolsOf));
  const told = { ...clientAnnotations(annotations), bigNumber: exactNumber };
  const text = options.human
    ? humanReport(read.dump, walked, { ...told, brief: options.brief ?? false })
    : `${JSON.stringify(jsonDump(read.dump, walked, told), undefined, options.pretty ? 2 : undefined)}\n`;
  if (options.outputFile === undefined) process.stdout.write(text);
  else await writeFile(options.outputFile, text);
  await end();
}

function chosenImprovements({ improvements, without }: StackwalkOptions): ReadonlySet<WalkImprovement> {
  const unknown = without.find((name) => !Object.hasOwn(walkImprovements, name));
  if (unknown !== undefined)
    throw new MaydayError("CONFIG_INVALID", `--without ${unknown}: there is no such improvement`);
  if (!improvements) return noImprovements;
  return new Set([...allImprovements].filter((name) => !without.includes(name)));
}

async function readAnnotations(path: string | undefined): Promise<Record<string, unknown>> {
  if (path === undefined) return {};
  const bytes = await readNamedFile(path);
  try {
    const annotations: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    if (typeof annotations === "object" && annotations !== null)
      return annotations as Record<string, unknown>;
  } catch {
    // Said below, in one line.
  }
  throw new MaydayError("FILE_UNREADABLE", `${path}: it is no JSON object`);
}
