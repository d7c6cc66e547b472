import { synthContext } from "./synth-context.ts";
import type { Placed, SynthFile } from "./synth-file.ts";
import { type Label, SynthStack } from "./synth-stack.ts";

/** Memory with its address. */
export interface SynthMemory {
  readonly base: bigint;
  readonly bytes: Uint8Array;
}

/** A thread to put into a dump. */
export interface SynthThread {
  /** 1, 2, 3… unless given. */
  readonly id?: number;
  readonly name?: string;
  readonly teb?: bigint;
  readonly stack?: SynthStack | SynthMemory;
  /** Where the stack starts, for a thread whose stack bytes are not with it. */
  readonly stackStart?: bigint;
  /** Registers of the dump's processor by name; a label is looked up in the stack. No registers, no context. */
  readonly registers?: Readonly<Record<string, bigint | Label>>;
  /** A whole context record, of any processor. */
  readonly context?: Uint8Array;
}

/** The ThreadList stream. */
export function synthThreadList(
  file: SynthFile,
  threads: readonly SynthThread[],
  architecture: number,
): Uint8Array {
  const stream = file.bytes().u32(threads.length);
  threads.forEach((thread, index) => {
    const stack = finishedStack(file, thread);
    const memory = stack === undefined ? nothing : file.place(stack.bytes);
    const context = placeContext(file, thread, architecture);
    stream.u32(thread.id ?? index + 1, 0, 0, 0).u64(thread.teb ?? 0n);
    stream.u64(stack?.base ?? thread.stackStart ?? 0n).u32(memory.size, memory.rva);
    stream.u32(context.size, context.rva);
  });
  return stream.finish();
}

/** The ThreadNames stream: only threads with a name are in it. */
export function synthThreadNames(file: SynthFile, threads: readonly SynthThread[]): Uint8Array {
  const named = threads.flatMap(({ name, id }, index) =>
    name === undefined ? [] : [{ name, id: id ?? index + 1 }],
  );
  const stream = file.bytes().u32(named.length);
  for (const { name, id } of named) stream.u32(id).u64(BigInt(file.string(name)));
  return stream.finish();
}

/** Places the context of a thread or of an exception. */
export function placeContext(
  file: SynthFile,
  source: Pick<SynthThread, "registers" | "context" | "stack">,
  architecture: number,
): Placed {
  if (source.context !== undefined) return file.place(source.context);
  if (source.registers === undefined) return nothing;
  const { stack } = source;
  const resolved = Object.entries(source.registers).map(([name, value]) => {
    if (typeof value === "bigint") return [name, value] as const;
    if (stack instanceof SynthStack) return [name, stack.resolve(value)] as const;
    throw new Error(`register ${name} names a label, but there is no stack with labels`);
  });
  return file.place(synthContext(file.byteOrder, architecture, Object.fromEntries(resolved)));
}

const nothing: Placed = { size: 0, rva: 0 };

function finishedStack(file: SynthFile, { stack }: SynthThread): SynthMemory | undefined {
  return stack instanceof SynthStack ? stack.finish(file.byteOrder) : stack;
}
