import { spawnSync } from "node:child_process";

/** A command of `npm run check` or `npm run fix`, and what helps when it fails. */
export interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly help: string;
}

/** Runs all steps, also behind one that fails, and tells whether all went well. */
export function runSteps(steps: readonly Step[]): boolean {
  const failed = steps.filter(({ name, command, args }) => {
    console.log(`\n— ${name}`);
    return spawnSync(command, args, { stdio: "inherit" }).status !== 0;
  });
  for (const { name, help } of failed) console.error(`\n${name} failed. ${help}`);
  return failed.length === 0;
}
