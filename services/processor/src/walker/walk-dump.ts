import { type MinidumpModule, readMinidump } from "@mayday/minidump";
import {
  clientAnnotations,
  jsonDump,
  type SymbolsAnswer,
  type Walk,
  walk,
  walkWith,
} from "@mayday/stackwalk";
import { type ByteBudget, retryDamaged, type SymbolSupply } from "@mayday/symbols";
import { dumpSource } from "../open-dumps.ts";
import { BudgetedSymbols, type SymbolBudget } from "./symbol-budget.ts";
import { failedWalk, type WalkOutcome, type WalkRequest } from "./walker.ts";

/** Reads and walks a dump with the symbols that `supply` has. */
export async function walkDump(
  { dump, annotations = {}, missesSince }: WalkRequest,
  supply: SymbolSupply,
  budget: SymbolBudget,
): Promise<Omit<WalkOutcome, "symbolEvents">> {
  const read = readMinidump(dumpSource(dump));
  if (!read.ok) {
    const { name, message } = read.error;
    return failedWalk(name, `the minidump cannot be read: ${message}`);
  }
  const symbols = new BudgetedSymbols(
    (module, bytes) => symbolsOf(module, supply, bytes, missesSince),
    budget,
  );
  const walked = await retryDamaged(() => walkWith(walk(read.dump), (module) => symbols.get(module)));
  const json = jsonDump(read.dump, walked, clientAnnotations(annotations));
  return {
    returnCode: 0,
    log: "",
    jsonDump: json,
    notes: [...read.dump.notes, ...threadNotes(walked), ...symbolNotes(walked), ...symbols.notes],
  };
}

function symbolsOf(
  { debugFile = "", debugId = "", fileName: codeFile, codeId }: MinidumpModule,
  supply: SymbolSupply,
  bytes: ByteBudget,
  missesSince: number | undefined,
): Promise<SymbolsAnswer> {
  const module = { debugFile, debugId, codeFile, ...(codeId === undefined ? {} : { codeId }) };
  return supply.get(module, bytes, missesSince);
}

function threadNotes({ threads }: Walk): string[] {
  return threads.flatMap(({ state, gap }, index) => {
    if (state === "missing_context") return [`thread ${index}: its registers are absent from the dump`];
    if (state === "missing_memory") return [`thread ${index}: its stack memory is absent from the dump`];
    if (gap !== undefined)
      return [`thread ${index}: ${gap.omitted} frames in the middle of its stack are left out`];
    return [];
  });
}

function symbolNotes({ symbols }: Walk): string[] {
  return [...symbols].flatMap(([module, answer]) =>
    answer.kind === "malformed" ? [`symbols of ${module.fileName} are unreadable: ${answer.why}`] : [],
  );
}
