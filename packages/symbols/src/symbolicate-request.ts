import { MaydayError } from "@mayday/crash";

/** A frame: index of its module in the memory map (-1: in none) and the offset in it, in bytes. */
export type RequestedFrame = readonly [moduleIndex: number, moduleOffset: number];

/** A job of a symbolication request: modules, and stacks of frames in them. */
export interface SymbolicateJob {
  /** Debug file and debug id of each module. */
  readonly memoryMap: readonly (readonly [debugFile: string, debugId: string])[];
  readonly stacks: readonly (readonly RequestedFrame[])[];
}

// What Eliot lets into names: everything else cannot be in a symbol server.
const DEBUG_FILE = /^[A-Za-z0-9_.+{}@<> ~-]*$/;
const DEBUG_ID = /^[A-Fa-f0-9]*$/;

/**
 * Reads a symbolication request of version 5: `{jobs: [job …]}`, or one job alone. Whatever is wrong is told in the
 * words of Mozilla's symbolication service, which clients show to their users.
 * @param maxJobs how many jobs one request may have
 * @throws {MaydayError} SYMBOLICATE_BAD_REQUEST, whose detail is those words
 */
export function readSymbolicateRequest(
  body: unknown,
  maxJobs: number = Number.POSITIVE_INFINITY,
): readonly SymbolicateJob[] {
  if (!isObject(body)) throw bad("Payload is not valid JSON");
  const jobs: readonly unknown[] = Array.isArray(body["jobs"]) ? body["jobs"] : [body];
  if (jobs.length > maxJobs) {
    throw bad(`please limit number of jobs in a single request to <= ${maxJobs}`);
  }
  return jobs.map((job, index) => readJob(job, `job ${index}`));
}

function readJob(job: unknown, name: string): SymbolicateJob {
  if (!isObject(job)) throw bad(`${name} is invalid`);
  const { stacks, memoryMap } = job;
  if (stacks === undefined) throw bad(`${name} is invalid: no stacks specified`);
  if (memoryMap === undefined) throw bad(`${name} is invalid: no memoryMap specified`);
  const modules = readModules(memoryMap, (why) => bad(`${name} has invalid modules: ${why}`));
  const read = readStacks(stacks, modules.length, (why) => bad(`${name} has invalid stacks: ${why}`));
  return { memoryMap: modules, stacks: read };
}

function readModules(modules: unknown, bad: (why: string) => MaydayError): SymbolicateJob["memoryMap"] {
  if (!Array.isArray(modules)) throw bad("modules must be a list");
  return modules.map((module: unknown, index) => {
    const isPair = Array.isArray(module) && module.length === 2;
    if (!isPair) throw bad(`module index ${index} does not have a debug_filename and debug_id`);
    const [debugFile, debugId] = module;
    if (!isText(debugFile, DEBUG_FILE)) throw bad(`module index ${index} has an invalid debug_filename`);
    if (!isText(debugId, DEBUG_ID)) throw bad(`module index ${index} has an invalid debug_id`);
    return [debugFile, debugId];
  });
}

function readStacks(
  stacks: unknown,
  moduleCount: number,
  bad: (why: string) => MaydayError,
): SymbolicateJob["stacks"] {
  if (!Array.isArray(stacks)) throw bad("stacks must be a list of lists");
  if (stacks.length === 0) throw bad("no stacks specified");
  return stacks.map((stack: unknown, index) => {
    if (!Array.isArray(stack)) throw bad(`stack ${index} is not a list`);
    return stack.map((frame: unknown, place) =>
      readFrame(frame, moduleCount, (why) => bad(`stack ${index} frame ${place} ${why}`)),
    );
  });
}

function readFrame(frame: unknown, moduleCount: number, bad: (why: string) => MaydayError): RequestedFrame {
  if (!Array.isArray(frame) || frame.length !== 2) throw bad("is not a list of two items");
  const [module, offset] = frame.map((value) => (typeof value === "boolean" ? Number(value) : value));
  if (!Number.isSafeInteger(module) || module < -1) throw bad("has an invalid module_index");
  if (module >= moduleCount) throw bad("has a module_index that isn't in modules");
  if (!Number.isSafeInteger(offset) || offset < -1) throw bad("has an invalid module_offset");
  return [module, offset];
}

function bad(words: string): MaydayError {
  return new MaydayError("SYMBOLICATE_BAD_REQUEST", words);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === "string" && pattern.test(value);
}
