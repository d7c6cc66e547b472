import type { ModuleJson } from "@mayday/crash";
import { rule } from "../../rule.ts";
import { isRecord, listOf, stringOf } from "../../values/json-records.ts";

/** The server whose addresses have more in their queries than anybody needs. */
const SYMBOL_SERVER = "symbols.mozilla.org";

/** Symbols' addresses are public: those of the machine itself are taken out, and what a query says of the client. */
export const moduleUrlRewrite = rule({
  name: "ModuleURLRewriteRule",
  reads: ["json_dump"],
  writes: ["json_dump"],
  act({ processed, notes }) {
    const { json_dump: json } = processed;
    if (!Array.isArray(json?.modules)) return;
    const modules = listOf(json.modules).map((module) =>
      isRecord(module) ? rewritten(module, notes) : module,
    );
    processed.json_dump = { ...json, modules: modules as ModuleJson[] };
  },
});

function rewritten(module: ModuleJson, notes: string[]): ModuleJson {
  const address = stringOf(module.symbol_url);
  if (address === undefined || address === "") return module;
  if (!URL.canParse(address)) {
    if (!address.includes("://")) return module;
    notes.push(`Redacting symbol url for module ${nameOf(module)}`);
    return { ...module, symbol_url: null };
  }
  const { hostname } = new URL(address);
  if (hostname === "localhost") {
    notes.push(`Redacting symbol url for module ${nameOf(module)}`);
    return { ...module, symbol_url: null };
  }
  if (hostname !== SYMBOL_SERVER) return module;
  return { ...module, symbol_url: address.replace(/\?[^#]*/, "") };
}

function nameOf({ filename }: ModuleJson): string {
  return stringOf(filename) ?? "None";
}
