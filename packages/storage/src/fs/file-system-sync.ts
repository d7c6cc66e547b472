import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/**
 * Syncs the whole file system that a folder is on. Node has no call for that; GNU's `sync -f` does it. A small shell that
 * stays starts it: starting a program from a large process costs more than the sync itself, page by page afterwards.
 */
export class FileSystemSync {
  readonly #folder: string;
  #shell: ChildProcess | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether all that was written before is durable now; false where that cannot be had. One at a time. */
  async all(): Promise<boolean> {
    this.#shell ??= this.#start();
    const { stdin, stdout } = this.#shell;
    if (stdin === null || stdout === null || !stdin.writable) return false;
    stdin.write("\n");
    const [answer] = await Promise.race([once(stdout, "data"), once(this.#shell, "close")]);
    return String(answer).trim() === "synced";
  }

  #start(): ChildProcess {
    const program = 'while read -r _; do sync -f "$1" && echo synced || echo failed; done';
    const shell = spawn("sh", ["-c", program, "sh", this.#folder], { stdio: ["pipe", "pipe", "ignore"] });
    shell.on("error", () => undefined);
    shell.stdin?.on("error", () => undefined);
    return shell;
  }
}
