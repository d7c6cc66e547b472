/** What a dump says of a module whose symbols are wanted. */
export interface ModuleIdentity {
  /** Name or path of the debug file. Where it is empty the code file stands in. */
  readonly debugFile: string;
  /** Breakpad text: 32 upper-case hex digits and the age in hex. */
  readonly debugId: string;
  /** Name or path of the code file. */
  readonly codeFile?: string;
  readonly codeId?: string;
  /** Whether an id of zeros is one: dumps write it where they know none. */
  readonly zerosCount?: boolean;
}

/** The parts of a symbol file's place in a symbol server. */
export interface SymbolFilePath {
  readonly debugFile: string;
  readonly debugId: string;
  readonly symbolFile: string;
}

/**
 * Where a module's symbol file stands: `<leaf>/<DEBUG ID>/<leaf without .pdb>.sym`. Undefined when the dump names no
 * debug id, or a name that would lead out of a folder: names come from the dump, and so from anybody.
 */
export function symbolFilePath({
  debugFile,
  debugId,
  codeFile = "",
  zerosCount = false,
}: ModuleIdentity): SymbolFilePath | undefined {
  const leaf = safeLeaf(debugFile || codeFile);
  if (leaf === undefined || !/^[0-9A-Fa-f]{1,64}$/.test(debugId)) return undefined;
  if (/^0*$/.test(debugId) && !zerosCount) return undefined;
  const symbolFile = `${leaf.replace(/\.pdb$/i, "")}.sym`;
  // Fold the case of the GUID only: symbol servers keep the age as the dumper wrote it, in lower case.
  return { debugFile: leaf, debugId: debugId.slice(0, 32).toUpperCase() + debugId.slice(32), symbolFile };
}

/**
 * The same file by the name that Mozilla's symbolication service asks for: it takes no `.PDB` off. Undefined where both
 * names are one.
 */
export function otherSymbolFilePath(path: SymbolFilePath): SymbolFilePath | undefined {
  const { debugFile } = path;
  if (!/\.pdb$/i.test(debugFile) || debugFile.endsWith(".pdb")) return undefined;
  return { ...path, symbolFile: `${debugFile}.sym` };
}

/** Name of the symcache that lies beside a symbol file. */
export function symcacheFile({ symbolFile }: SymbolFilePath): string {
  return symbolFile.replace(/\.sym$/, ".symcache");
}

/** Where a symbol server tells of a module by its code: `<leaf>/<CODE ID>/<leaf without .dll>.sym`. */
export function codeFilePath(codeFile: string, codeId: string): readonly string[] | undefined {
  const leaf = safeLeaf(codeFile);
  if (leaf === undefined || !/^[0-9A-Fa-f]{1,64}$/.test(codeId)) return undefined;
  return [leaf, codeId.toUpperCase(), `${leaf.replace(/\.dll$/i, "")}.sym`];
}

/** The last part of a path, where it can be the name of a folder. */
function safeLeaf(path: string): string | undefined {
  const leaf = path.split(/[/\\]/).at(-1) ?? "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  const isUnsafe = leaf === "" || leaf === "." || leaf === ".." || /[\u0000-\u001f]/.test(leaf);
  return isUnsafe || leaf.length > 200 ? undefined : leaf;
}
