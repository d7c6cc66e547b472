import { execFileSync } from "node:child_process";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

const path = [process.env["PATH"] ?? "", join(homedir(), ".cargo", "bin")].join(delimiter);

/** Runs a program that may lie among cargo's, too, and gives what it prints. */
export function run(program: string, args: readonly string[], input = ""): string {
  return execFileSync(program, args, {
    input,
    encoding: "utf8",
    env: { ...process.env, PATH: path },
    maxBuffer: 1024 ** 3,
    stdio: ["pipe", "pipe", "ignore"],
  });
}

/** Whether a program is there and does what these arguments ask of it. */
export function runs(program: string, ...args: readonly string[]): boolean {
  try {
    run(program, args);
    return true;
  } catch {
    return false;
  }
}
