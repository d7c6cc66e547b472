import { type CfiProgram, compileCfi } from "./cfi-program.ts";

/** How many compiled rule sets are kept. libxul has a few thousand in all, a crash meets a few dozen. */
const MAX_PROGRAMS = 10_000;

/** Compiled rule sets by their text, kept from walk to walk. */
export class CfiPrograms {
  readonly #programs = new Map<string, CfiProgram | undefined>();

  get(rules: string): CfiProgram | undefined {
    if (this.#programs.has(rules)) return this.#programs.get(rules);
    const program = compileCfi(rules);
    if (this.#programs.size >= MAX_PROGRAMS) this.#programs.clear();
    this.#programs.set(rules, program);
    return program;
  }
}
