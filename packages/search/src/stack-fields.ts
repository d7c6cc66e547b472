import type { AsRead, FrameJson, ProcessedCrash, StackJson, ThreadJson } from "@mayday/crash";
import type { SearchField } from "./search-field.ts";

/** What a crash has on its stacks, by the field's name; in the order of the frames, each once. */
export type StackValues = Readonly<Record<string, readonly string[]>>;

/** Values of one field that are kept of one crash. */
const MOST_VALUES = 5_000;

const field = (name: string, description: string): SearchField => ({
  name,
  path: ["json_dump"],
  validation: "str",
  query: "string",
  mapping: "keyword",
  isList: name !== "top_function",
  isOfStacks: name !== "top_function",
  choices: [],
  permissions: [],
  description,
});

/** Ours: what stands on the stacks. Of these Crash Stats has signatures alone. */
export const stackFields: readonly SearchField[] = [
  field("stack_function", "The functions of the crashing thread, inlined ones too, the innermost first."),
  field("stack_module", "The modules of the crashing thread."),
  field("stack_file", "The source files of the crashing thread."),
  field("stack_module_offset", "The places of the crashing thread's frames: `module@0x12ab`."),
  field("top_function", "The innermost function of the crashing thread."),
  field("any_thread_function", "The functions of all threads."),
  field("any_thread_module", "The modules of all threads."),
];

/** What a processed crash has on its stacks, as far as they can be read. */
export function stackValues(processed: AsRead<ProcessedCrash>): StackValues {
  const stack = asObject(processed["json_dump"]) as StackJson;
  const threads = listOf<ThreadJson>(stack.threads);
  const crashing =
    threads[indexOfCrashing(processed, stack)] ?? (asObject(stack.crashing_thread) as ThreadJson);
  const frames = framesOf(crashing);
  const all = threads.flatMap(framesOf);
  const functions = frames.flatMap(functionsOf);
  return {
    stack_function: once(functions),
    stack_module: once(frames.map(({ module }) => module)),
    stack_file: once(frames.flatMap((frame) => [...inlinesOf(frame).map(({ file }) => file), frame.file])),
    stack_module_offset: once(
      frames.map(({ module, module_offset }) =>
        module && module_offset ? `${module}@${module_offset}` : undefined,
      ),
    ),
    top_function: once(functions).slice(0, isNamed(frames[0]) ? 1 : 0),
    any_thread_function: once([...functions, ...all.flatMap(functionsOf)]),
    any_thread_module: once([...frames, ...all].map(({ module }) => module)),
  };
}

function indexOfCrashing(processed: AsRead<ProcessedCrash>, stack: StackJson): number {
  const index =
    processed["crashing_thread"] ?? (asObject(stack.crash_info) as StackJson["crash_info"])?.crashing_thread;
  return typeof index === "number" ? index : -1;
}

const asObject = (value: unknown): object =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};

const listOf = <T>(value: unknown): readonly T[] =>
  Array.isArray(value) ? value.map((one) => asObject(one) as T) : [];

const framesOf = ({ frames }: ThreadJson): readonly FrameJson[] => listOf<FrameJson>(frames);
const inlinesOf = ({ inlines }: FrameJson) => listOf<NonNullable<FrameJson["inlines"]>[number]>(inlines);

/** A frame's functions: those inlined there first, as the innermost. */
const functionsOf = (frame: FrameJson): unknown[] => [
  ...inlinesOf(frame).map((inline) => inline.function),
  frame.function,
];

const isNamed = (frame: FrameJson | undefined): boolean =>
  frame !== undefined && functionsOf(frame).some((name) => typeof name === "string" && name !== "");

/** The strings among values, each once, on one line. */
function once(values: readonly unknown[]): readonly string[] {
  const found = new Set<string>();
  for (const value of values) {
    if (found.size === MOST_VALUES) break;
    if (typeof value === "string" && value !== "") found.add(value.toWellFormed().replace(/[\r\n]+/g, " "));
  }
  return [...found];
}
