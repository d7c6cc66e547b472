import { isExactNumber } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";

/**
 * A frame: index of its module in the memory map (-1: in none) and the offset in it, in bytes. Outside of modules it may
 * be of any size; what 64 bits cannot hold is in no module.
 */
export type RequestedFrame = readonly [moduleIndex: number, moduleOffset: number | bigint];

/** A job of a symbolication request: modules, and stacks of frames in them. */
export interface SymbolicateJob {
  /** Debug file and debug id of each module. */
  readonly memoryMap: readonly (readonly [debugFile: string, debugId: string])[];
  readonly stacks: readonly (readonly RequestedFrame[])[];
}

// What Eliot lets into names: everything else cannot be in a symbol server. (A line break at the end is let in, too.)
const DEBUG_FILE = /^[A-Za-z0-9_.+{}@<> ~-]*\n?$/;
const DEBUG_ID = /^[A-Fa-f0-9]*\n?$/;

/** A longer name is none of a file. */
const MAX_NAME_LENGTH = 255;

/**
 * Reads a symbolication request of version 5: `{jobs: [job …]}`, or one job alone. Whatever is wrong is told in the
 * words of Mozilla's symbolication service, which clients show to their users.
 * @param body parsed JSON; numbers that have a fraction or more digits than a double holds may be ExactNumbers
 * @param maxJobs how many jobs one request may have
 * @throws {MaydayError} SYMBOLICATE_BAD_REQUEST, whose detail is those words
 */
export function readSymbolicateRequest(
  body: unknown,
  maxJobs: number = Number.POSITIVE_INFINITY,
): readonly SymbolicateJob[] {
  const jobs = jobsOf(body);
  if (jobs.length > maxJobs) {
    throw bad(`please limit number of jobs in a single request to <= ${maxJobs}`);
  }
  return jobs.map((job, index) => readSymbolicateJob(job, index));
}

/** What is asked for: whatever can be counted under `jobs`, else the body itself. */
function jobsOf(body: unknown): readonly unknown[] {
  if (Array.isArray(body) || (typeof body === "string" && !body.includes("jobs"))) return [body];
  if (!isObject(body)) throw bad(NOT_JSON);
  if (!Object.hasOwn(body, "jobs")) return [body];
  const { jobs } = body;
  if (Array.isArray(jobs)) return jobs;
  if (typeof jobs === "string") return [...jobs];
  if (isObject(jobs)) return Object.keys(jobs);
  throw bad(NOT_JSON);
}

/** The words for a body that is no JSON, or none that could be a request. */
export const NOT_JSON = "Payload is not valid JSON";

/**
 * Reads one job, which is the whole request of version 4.
 * @param index what it is called in the words for what is wrong with it
 * @throws {MaydayError} SYMBOLICATE_BAD_REQUEST
 */
export function readSymbolicateJob(job: unknown, index = 0): SymbolicateJob {
  return readJob(job, `job ${index}`);
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
  const [module, offset] = frame.map(integerOf);
  if (module === undefined) throw bad("has an invalid module_index");
  if (module < -1 || module >= moduleCount) throw bad("has a module_index that isn't in modules");
  if (offset === undefined || offset < -1) throw bad("has an invalid module_offset");
  if (module >= 0 && offset >= OFFSETS) throw bad("has an invalid module_offset");
  return [Number(module), offset];
}

/** No module reaches so far. */
const OFFSETS = 1n << 64n;

/** An integer of any size; true and false are 1 and 0. */
function integerOf(value: unknown): number | bigint | undefined {
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "number") return Number.isSafeInteger(value) ? value + 0 : undefined;
  return isExactNumber(value) && /^-?\d+$/.test(value.rawJSON) ? smallest(BigInt(value.rawJSON)) : undefined;
}

function smallest(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function bad(words: string): MaydayError {
  return new MaydayError("SYMBOLICATE_BAD_REQUEST", words);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isExactNumber(value);
}

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === "string" && value.length <= MAX_NAME_LENGTH && pattern.test(value);
}
