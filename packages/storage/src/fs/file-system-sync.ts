import { type ChildProcess, spawn } from "node:child_process";

/**
 * Syncs the whole file system that a folder is on. Node has no call for that; GNU's `sync -f` does it. A small shell that
 * stays starts it: starting a program from a large process costs more than the sync itself, page by page afterwards.
 */
export class FileSystemSync {
  readonly #folder: string;
  #shell: ChildProcess | undefined;
  /** Hears whether the sync that runs has worked. */
  #answer: (synced: boolean) => void = () => undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether all that was written before is durable now; false where that cannot be had. One at a time. */
  all(): Promise<boolean> {
    this.#shell ??= this.#start();
    const { stdin } = this.#shell;
    return new Promise((answer) => {
      this.#answer = answer;
      if (stdin?.writable) stdin.write("\n");
      else answer(false);
    });
  }

  #start(): ChildProcess {
    const program = 'while read -r _; do sync -f "$1" && echo synced || echo failed; done';
    const shell = spawn("sh", ["-c", program, "sh", this.#folder], { stdio: ["pipe", "pipe", "ignore"] });
    const end = () => {
      this.#shell = undefined;
      this.#answer(false);
    };
    shell.stdout?.on("data", (line) => this.#answer(String(line).trim() === "synced"));
    shell.stdin?.on("error", end);
    shell.on("error", end);
    shell.on("close", end);
    return shell;
  }
}
