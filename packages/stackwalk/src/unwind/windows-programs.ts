import { type WindowsProgram, windowsProgram } from "./windows-frame-program.ts";

/** How many programs are kept; a module has a few dozen different ones. */
const MAX_PROGRAMS = 10_000;

/** STACK WIN programs by their text, cut into tokens once. */
export class WindowsPrograms {
  readonly #programs = new Map<string, WindowsProgram>();

  get(text: string): WindowsProgram {
    const known = this.#programs.get(text);
    if (known !== undefined) return known;
    const program = windowsProgram(text);
    if (this.#programs.size >= MAX_PROGRAMS) this.#programs.clear();
    this.#programs.set(text, program);
    return program;
  }
}
