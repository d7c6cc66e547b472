import { isSymbolKey } from "./symbol-storage.ts";

/** A module whose symbols somebody wanted and nobody had. */
export interface MissedModule {
  readonly debugFile: string;
  readonly debugId: string;
  /** Empty where they are not known. */
  readonly codeFile: string;
  readonly codeId: string;
}

/** What is known of a module that is missed. Times are ISO 8601 in UTC. */
export interface Missing extends MissedModule {
  /** How often it was missed. */
  readonly count: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** How often by product, as far as it is known. */
  readonly products: Readonly<Record<string, number>>;
  /** Who missed it: a walk, a request for symbolication, a download. */
  readonly askedBy: readonly Asker[];
}

type Asker = "walk" | "symbolication" | "download";

/** A sighting of a missing module. */
export interface Sighting {
  readonly module: MissedModule;
  readonly by: Asker;
  readonly product?: string;
}

/** What is missing, counted. */
export interface MissingModules {
  note(sighting: Sighting): void;
  /** Forgets a module whose symbols have come. */
  forget(debugFile: string, debugId: string): void;
  /** All that is missed, most often first. */
  list(): Promise<Missing[]>;
  /** Saves what is not saved yet. */
  flush(): Promise<void>;
}

/** Ids of fewer digits, and of zeros, are those of no module that was ever built. */
const DEBUG_ID_DIGITS = 33;

/**
 * Whether a module is one that somebody could have symbols of. Dumps name many that nobody can: memory that was unmapped,
 * generated code, damaged lists.
 */
export function isSensible({ debugFile, debugId }: MissedModule): boolean {
  const symbolFile = "x.sym";
  if (!isSymbolKey({ debugFile, debugId, symbolFile }) || debugId.length < DEBUG_ID_DIGITS) return false;
  return (
    !/^0+$/.test(debugId.slice(0, 32)) && /[A-Za-z0-9]/.test(debugFile) && !/^[0-9a-f]{16,}$/i.test(debugFile)
  );
}

export function nameOf({ debugFile, debugId }: Pick<MissedModule, "debugFile" | "debugId">): string {
  return `${debugFile}/${debugId.toUpperCase()}`;
}

/** Adds what is known of a module from two places. */
export function together(a: Missing, b: Missing): Missing {
  const products = { ...a.products };
  for (const [product, count] of Object.entries(b.products))
    products[product] = (products[product] ?? 0) + count;
  return {
    ...a,
    codeFile: a.codeFile || b.codeFile,
    codeId: a.codeId || b.codeId,
    count: a.count + b.count,
    firstSeen: a.firstSeen < b.firstSeen ? a.firstSeen : b.firstSeen,
    lastSeen: a.lastSeen > b.lastSeen ? a.lastSeen : b.lastSeen,
    products,
    askedBy: [...new Set([...a.askedBy, ...b.askedBy])],
  };
}
