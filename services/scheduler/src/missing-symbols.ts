import { missingModuleIn } from "@mayday/crash";
import type { Logger, Metrics } from "@mayday/observability";
import type { JobPublisher, Notebook, SymbolsArrivedJob } from "@mayday/queue";
import { isDebugId, type SearchEngine, termsOf } from "@mayday/search";
import { isSensible, type MissedModule, type MissingModules } from "@mayday/storage";
import { type SymbolSource, symbolFilePath } from "@mayday/symbols";

export interface MissingSymbolsParts {
  readonly engine: Pick<SearchEngine, "search">;
  /** Asked in order. */
  readonly sources: readonly SymbolSource[];
  /** What walks told of the modules they missed. */
  readonly missing: Pick<MissingModules, "list">;
  /** Told of symbols that a source has now. */
  readonly arrivals: Pick<JobPublisher<SymbolsArrivedJob>, "publish">;
  /** Remembers how often a module was asked for, and when it is again. */
  readonly notebook: Pick<Notebook, "read" | "write" | "forget">;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

export interface MissingSymbolsReach {
  /** So long after a module was seen to be missed it is asked for, ms; then each time after twice as long. */
  readonly firstMs: number;
  /** Modules that are asked for at a time; the next time goes on. */
  readonly most?: number;
  readonly signal?: AbortSignal;
}

const PAGE = "missing-symbols";
const WEEK_MS = 7 * 24 * 3600 * 1000;
/** Modules that are remembered: those that most crashes miss. */
const MOST_MODULES = 1000;
const MOST_AT_A_TIME = 100;
/** A source that failed so often one after the other is away. */
const MOST_FAILURES = 3;

/**
 * Asks the sources again for modules that crashes in the index missed, those that most crashes missed first, and tells of
 * those that a source has now, so that the crashes are healed. @returns how many it told of
 */
export async function askForMissing(
  parts: MissingSymbolsParts,
  { firstMs, most = MOST_AT_A_TIME, signal }: MissingSymbolsReach,
): Promise<number> {
  const { notebook, arrivals, log, metrics } = parts;
  const now = parts.now().getTime();
  const missed = await missedByCrashes(parts);
  const notes = await notebook.read(PAGE);
  await notebook.forget(
    PAGE,
    Object.keys(notes).filter((name) => !missed.has(name)),
  );
  const [fresh, known] = [[...missed].filter(([name]) => notes[name] === undefined), [...missed.keys()]];
  // Whoever missed a fresh one has just asked.
  if (fresh.length > 0)
    await notebook.write(PAGE, Object.fromEntries(fresh.map(([name]) => [name, note(0, now + firstMs)])));
  const due = known.filter((name) => notes[name] !== undefined && readNote(notes[name]).at <= now);
  let found = 0;
  let failures = 0;
  for (const name of due.slice(0, most)) {
    if (signal?.aborted || failures >= MOST_FAILURES) break;
    const module = missed.get(name) as MissedModule;
    const outcome = await ask(module, parts.sources);
    failures = outcome === "away" ? failures + 1 : 0;
    metrics.count("scheduler_asked_symbols_total", { outcome });
    if (outcome === "found") {
      await arrivals.publish({ ...module });
      log.info({ ...module }, "a source has symbols that it lacked");
      found++;
    }
    const { times } = readNote(notes[name] ?? "");
    await notebook.write(PAGE, {
      [name]: note(times + 1, now + Math.min(WEEK_MS, firstMs * 2 ** (times + 1))),
    });
  }
  if (failures >= MOST_FAILURES) log.warn({ left: due.length }, "sources of symbols are away");
  return found;
}

const note = (times: number, at: number) => `${times} ${at}`;
function readNote(line: string): { times: number; at: number } {
  const [times = 0, at = 0] = line.split(" ").map(Number);
  return { times, at };
}

/** The modules that most crashes in the index missed, by name, those of most crashes first. */
async function missedByCrashes({ engine, missing }: MissingSymbolsParts): Promise<Map<string, MissedModule>> {
  const answer = await engine.search({
    weeks: undefined,
    filter: { op: "all", of: [] },
    columns: [],
    sort: [],
    aggregations: [{ kind: "terms", field: "missing_symbols", within: [] }],
    facetsSize: MOST_MODULES,
    facetsOffset: 0,
    limit: 0,
    offset: 0,
    isWeighted: false,
    timeUnit: "microsecond",
  });
  const terms = termsOf(answer, "missing_symbols");
  const told = new Map(
    terms.length === 0 ? [] : (await missing.list()).map((one) => [one.debugId.toUpperCase(), one]),
  );
  const found = new Map<string, MissedModule>();
  for (const { term } of terms) {
    const module = moduleOf(String(term), told);
    if (module !== undefined) found.set(`${module.debugFile}/${module.debugId}`, module);
  }
  return found;
}

/** The module that an element of `missing_symbols` means. */
function moduleOf(term: string, told: ReadonlyMap<string, MissedModule>): MissedModule | undefined {
  const { file, debugId: id, codeId } = missingModuleIn(term);
  const debugId = id.toUpperCase();
  if (!isDebugId(debugId)) return undefined;
  const { debugFile, codeFile } = told.get(debugId) ?? { debugFile: usualDebugFile(file), codeFile: file };
  const module = { debugFile, debugId, codeFile: codeFile || file, codeId: codeId.toUpperCase() };
  return isSensible(module) ? module : undefined;
}

/** Walks of long ago are forgotten: a file's debug file is named as it, but on Windows. */
function usualDebugFile(codeFile: string): string {
  return codeFile.replace(/\.(?:dll|exe)$/i, ".pdb");
}

async function ask(
  module: MissedModule,
  sources: readonly SymbolSource[],
): Promise<"found" | "missing" | "away"> {
  const path = symbolFilePath(module);
  if (path === undefined) return "missing";
  let outcome: "missing" | "away" = "missing";
  for (const source of sources) {
    try {
      const found = await source.find(path, module);
      if (found === undefined) continue;
      await found.close?.();
      return "found";
    } catch {
      outcome = "away";
    }
  }
  return outcome;
}
