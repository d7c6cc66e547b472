import { MaydayError } from "@mayday/errors";
import { type ModuleIdentity, moduleName, readSymbolicateJob, type SymbolicateJob } from "@mayday/symbols";

/** A job of version 6: what is asked, and what is known of each module besides its name. */
export interface JobV6 {
  readonly job: SymbolicateJob;
  /** By {@link moduleName}. */
  readonly identities: ReadonlyMap<string, ModuleIdentity>;
}

/**
 * Reads a job of version 6, in any of these forms:
 *
 * - as in version 5; its modules may also be objects: `{debug_file, debug_id, code_file, code_id}`, the code where the
 *   debug file is not known
 * - what a crash ping holds, as it comes: `{modules: [{base_address, debug_file, debug_id, filename, code_id …} …],
 *   threads: [{frames: [{ip, module_index} …]} …]}`, with addresses in hex, of Glean's or of the older kind
 *
 * @param index what the job is called in the words for what is wrong with it
 * @throws {MaydayError} SYMBOLICATE_BAD_REQUEST
 */
export function readJobV6(value: unknown, index: number): JobV6 {
  if (!isObject(value)) return named(readSymbolicateJob(value, index), []);
  const modules = value["memoryMap"] ?? value["modules"];
  const identities = Array.isArray(modules) ? modules.map(readIdentity) : [];
  const memoryMap = Array.isArray(modules)
    ? modules.map((module, place) => (isObject(module) ? nameOf(identities[place] ?? NOTHING) : module))
    : modules;
  const stacks = value["stacks"] ?? stacksOf(value["threads"], modules, index);
  return named(readSymbolicateJob({ ...value, memoryMap, stacks }, index), identities);
}

const NOTHING: ModuleIdentity = { debugFile: "", debugId: "" };

/** A module's name and id, those of its code where no others are known. */
function nameOf({ debugFile, debugId, codeFile = "", codeId = "" }: ModuleIdentity): [string, string] {
  return debugFile !== "" && debugId !== "" ? [debugFile, debugId] : [codeFile, codeId];
}

function readIdentity(module: unknown): ModuleIdentity {
  if (!isObject(module)) return NOTHING;
  const text = (...keys: readonly string[]) => {
    const found = keys.map((key) => module[key]).find((item) => typeof item === "string");
    return typeof found === "string" ? found : "";
  };
  const debugId = text("debug_id");
  return {
    debugFile: leafOf(text("debug_file")),
    // Zeros are how dumps say that they know none.
    debugId: /^0+$/.test(debugId) ? "" : debugId,
    codeFile: leafOf(text("code_file", "filename")),
    codeId: text("code_id"),
  };
}

const leafOf = (path: string) => path.split(/[/\\]/).at(-1) ?? "";

function named(job: SymbolicateJob, identities: readonly ModuleIdentity[]): JobV6 {
  const known = new Map<string, ModuleIdentity>();
  for (const [index, module] of job.memoryMap.entries()) {
    const identity = identities[index] ?? NOTHING;
    const isByCode = identity.debugFile === "" || identity.debugId === "";
    const [debugFile, debugId] = isByCode && identity !== NOTHING ? ["", ""] : module;
    known.set(moduleName(module), { ...identity, debugFile, debugId, zerosCount: true });
  }
  return { job, identities: known };
}

function stacksOf(threads: unknown, modules: unknown, index: number): unknown {
  if (!Array.isArray(threads) || !Array.isArray(modules)) return threads;
  const bases = modules.map((module) =>
    isObject(module) ? addressOf(module["base_address"] ?? module["base_addr"]) : undefined,
  );
  return threads.map((thread, number) => {
    const frames = isObject(thread) ? (thread["frames"] ?? []) : thread;
    if (!Array.isArray(frames)) return frames;
    return frames.map((frame, place) => {
      const read = isObject(frame) ? frameOf(frame, bases) : undefined;
      if (read !== undefined) return read;
      const words = `job ${index} has invalid stacks: stack ${number} frame ${place} has no address`;
      throw new MaydayError("SYMBOLICATE_BAD_REQUEST", words);
    });
  });
}

/** A frame as version 5 has it; outside of modules its address stands for the offset. */
function frameOf(
  frame: Readonly<Record<string, unknown>>,
  bases: readonly (bigint | undefined)[],
): [number, number] | undefined {
  const ip = addressOf(frame["ip"]);
  const module = frame["module_index"];
  if (ip === undefined) return undefined;
  const base = typeof module === "number" ? bases[module] : undefined;
  const offset = base === undefined ? ip : ip - base;
  return [base === undefined || offset < 0n ? -1 : (module as number), Number(offset < 0n ? ip : offset)];
}

function addressOf(text: unknown): bigint | undefined {
  return typeof text === "string" && /^0x[0-9a-f]{1,16}$/i.test(text) ? BigInt(text) : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
