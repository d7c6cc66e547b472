import type { Case, Check } from "./case-folders.ts";

interface FrameJson {
  readonly trust: string;
  readonly offset: string;
  readonly module: string | null;
  readonly module_offset: string | null;
  readonly function: string | null;
}

/** What the checks read of the walk's JSON. */
export interface WalkJson {
  readonly system_info: { readonly os: string; readonly cpu_arch: string };
  readonly crash_info: {
    readonly type: string | null;
    readonly address: string | null;
    readonly adjusted_address: unknown;
    readonly possible_bit_flips: readonly { readonly confidence: number }[] | null;
  };
  readonly threads: readonly {
    readonly thread_name: string | null;
    readonly frames: readonly FrameJson[];
  }[];
  readonly modules: readonly {
    readonly filename: string;
    readonly debug_file: string;
    readonly base_addr: string;
    readonly loaded_symbols: boolean;
    readonly corrupt_symbols: boolean;
  }[];
  readonly unloaded_modules: readonly unknown[];
  readonly handles: readonly { readonly type_name: string; readonly object_name: string }[] | null;
}

/** Walks a dump with the symbols of a folder; throws when it cannot. */
export async function walked(one: Case, dump: string, symbols?: string): Promise<WalkJson> {
  return JSON.parse(await walkText(one, dump, symbols));
}

export async function walkText({ mayday }: Case, dump: string, symbols?: string): Promise<string> {
  const { code, out, err } = await mayday([
    "stackwalk",
    "--pretty",
    ...(symbols === undefined ? [] : ["--symbols", symbols]),
    dump,
  ]);
  if (code !== 0) throw new Error(`${dump}: ${err.trim()}`);
  return out;
}

/** A thread's frames, as `scan 0x402014` or, where the function is known, `cfi main`. */
export function framesOf(walk: WalkJson, thread = 0): string[] {
  return (walk.threads[thread]?.frames ?? []).map(
    ({ trust, offset, function: name }) => `${trust} ${name ?? `0x${BigInt(offset).toString(16)}`}`,
  );
}

/** A problem when two values are not the same as JSON. */
export function same(what: string, found: unknown, expected: unknown): string[] {
  const [is, should] = [JSON.stringify(found), JSON.stringify(expected)];
  return is === should ? [] : [`${what}: ${is}, expected ${should}`];
}

/** The check that the crashing thread of each dump has these frames. */
export function hasFrames(expected: Readonly<Record<string, readonly string[]>>, symbols?: string): Check {
  return async (one) => {
    const problems: string[] = [];
    for (const [dump, frames] of Object.entries(expected))
      problems.push(...same(dump, framesOf(await walked(one, dump, symbols)), frames));
    return problems;
  };
}

/** The check that each dump has this crash reason. */
export function hasReasons(expected: Readonly<Record<string, string>>): Check {
  return async (one) => {
    const problems: string[] = [];
    for (const [dump, reason] of Object.entries(expected))
      problems.push(...same(dump, (await walked(one, dump)).crash_info.type, reason));
    return problems;
  };
}

/** The check that none of these dumps can be read, and that the error says why. */
export function isRefused(expected: Readonly<Record<string, string>>): Check {
  return async ({ mayday }) => {
    const problems: string[] = [];
    for (const [dump, says] of Object.entries(expected)) {
      const { code, err } = await mayday(["stackwalk", dump]);
      if (code !== 1 || !err.includes(says)) problems.push(`${dump}: exit ${code}, ${err.trim()}`);
    }
    return problems;
  };
}
