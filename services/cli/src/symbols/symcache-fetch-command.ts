import { constants, setPriority } from "node:os";
import { symcacheFolder } from "@mayday/symbols";
import { localSupply } from "./local-supply.ts";
import { type SymbolOptions, symcacheFolderOf } from "./symbol-options.ts";

export interface FetchOptions extends SymbolOptions {
  /** At low priority, unless another process is at it already. */
  readonly behind?: boolean;
}

/**
 * `mayday symcache fetch`: puts modules' symcaches into the folder, from where they are or built from symbol files.
 * @param modules each as DEBUG-FILE/DEBUG-ID
 * @returns whether all are there
 */
export async function fetchCommand(modules: readonly string[], options: FetchOptions): Promise<boolean> {
  if (!options.behind) return fetchAll(modules, options);
  setPriority(constants.priority.PRIORITY_LOW);
  await symcacheFolder(symcacheFolderOf(options)).behind(async () => {
    await fetchAll(modules, options);
  });
  return true;
}

async function fetchAll(modules: readonly string[], options: SymbolOptions): Promise<boolean> {
  const supply = localSupply(options);
  let areFound = true;
  for (const module of modules) {
    const [debugFile = "", debugId = ""] = module.split("/");
    const entry = await supply.get({ debugFile, debugId });
    if (entry.kind === "found") continue;
    areFound = false;
    console.error(`${module}: ${entry.kind}: ${entry.why}`);
  }
  return areFound;
}
