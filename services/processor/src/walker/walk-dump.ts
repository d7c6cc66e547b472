import { type MinidumpModule, readMinidump } from "@mayday/minidump";
import { jsonDump, type SymbolsAnswer, type Walk, walk, walkWith } from "@mayday/stackwalk";
import { retryDamaged, type SymbolSupply } from "@mayday/symbols";
import type { WalkOutcome, WalkRequest } from "./walker.ts";

/** Reads and walks a dump with the symbols that `supply` has. */
export async function walkDump(
  { dump: bytes, microcode }: WalkRequest,
  supply: SymbolSupply,
): Promise<Omit<WalkOutcome, "symbolEvents">> {
  if (bytes.length === 0)
    return { status: "EmptyMinidump", jsonDump: undefined, notes: ["the minidump is empty"] };
  const read = readMinidump(bytes);
  if (!read.ok) {
    const { name, message } = read.error;
    return { status: name, jsonDump: undefined, notes: [`the minidump cannot be read: ${message}`] };
  }
  const walked = await retryDamaged(() => walkWith(walk(read.dump), (module) => symbolsOf(module, supply)));
  const json = jsonDump(read.dump, walked, microcode === undefined ? {} : { microcode });
  return {
    status: "OK",
    jsonDump: json,
    notes: [...read.dump.notes, ...threadNotes(walked), ...symbolNotes(walked)],
  };
}

function symbolsOf(module: MinidumpModule, supply: SymbolSupply): Promise<SymbolsAnswer> {
  return supply.get({
    debugFile: module.debugFile ?? "",
    debugId: module.debugId ?? "",
    codeFile: module.fileName,
    ...(module.codeId === undefined ? {} : { codeId: module.codeId }),
  });
}

function threadNotes({ threads }: Walk): string[] {
  return threads.flatMap(({ state }, index) => {
    if (state === "missing_context") return [`thread ${index}: its registers are absent from the dump`];
    if (state === "missing_memory") return [`thread ${index}: its stack memory is absent from the dump`];
    return [];
  });
}

function symbolNotes({ symbols }: Walk): string[] {
  return [...symbols].flatMap(([module, answer]) =>
    answer.kind === "malformed" ? [`symbols of ${module.fileName} are unreadable: ${answer.why}`] : [],
  );
}
