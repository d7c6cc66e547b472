import type { ModuleJson, UnloadedModuleJson } from "@mayday/crash";
import type { MinidumpModule, UnloadedModule } from "@mayday/minidump";
import type { SymbolsAnswer } from "../address-space/module-symbols.ts";
import type { Hex } from "./json-values.ts";

/** How a missing debug id is written. */
const NO_DEBUG_ID = "0".repeat(33);

/** What a walk learned of a module's symbols; undefined where they were not needed. */
export type SymbolsOfModule = (module: MinidumpModule) => SymbolsAnswer | undefined;

export function moduleJson(
  module: MinidumpModule,
  symbolsOf: SymbolsOfModule,
  certificates: ReadonlyMap<string, string>,
  hex: Hex,
): ModuleJson {
  const answer = symbolsOf(module);
  return {
    base_addr: hex(module.base),
    end_addr: hex(module.base + BigInt(module.size)),
    filename: module.fileName,
    ...(isCleaned(module) ? { name_in_dump: module.name } : {}),
    code_id: module.codeId ?? "",
    debug_file: answer?.debugInfo?.debugFile ?? module.debugFile ?? "",
    debug_id: answer?.debugInfo?.debugId ?? module.debugId ?? NO_DEBUG_ID,
    version: module.version ?? null,
    cert_subject: certificates.get(module.fileName) ?? null,
    missing_symbols: answer?.kind === "missing",
    // A file that was there but could not be read counts as loaded, too (minidump-stackwalk's rule).
    loaded_symbols: answer?.kind === "found" || answer?.kind === "malformed",
    corrupt_symbols: answer?.kind === "malformed",
    symbol_url: (answer?.kind === "found" && answer.url) || null,
  };
}

/** Whether the file's name is not just the last part of the name that the dump has. */
function isCleaned({ name, fileName }: MinidumpModule): boolean {
  return name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1) !== fileName;
}

export function unloadedModuleJson(
  module: UnloadedModule,
  certificates: ReadonlyMap<string, string>,
  hex: Hex,
): UnloadedModuleJson {
  return {
    base_addr: hex(module.base),
    end_addr: hex(module.base + BigInt(module.size)),
    // Unlike that of a loaded module this is the name as the dump has it: Windows gives no path here.
    filename: module.name,
    code_id: module.codeId ?? "",
    cert_subject: certificates.get(module.name) ?? null,
  };
}
