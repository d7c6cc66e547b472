import { existsSync } from "node:fs";

/** What a real client is asked to show. It throws when it does not. */
export interface Check {
  readonly name: string;
  /** Programs and data that must be there. */
  readonly needs: readonly string[];
  run(): Promise<string>;
}

export type Outcome = "passed" | "failed" | "absent";

/** Runs one check and prints what came of it. */
export async function runCheck({ name, needs, run }: Check): Promise<Outcome> {
  const absent = needs.filter((path) => !existsSync(path));
  if (absent.length > 0) {
    console.log(`  absent   ${name}: needs ${absent.join(", ")}`);
    return "absent";
  }
  try {
    console.log(`  passed   ${name}: ${await run()}`);
    return "passed";
  } catch (error) {
    console.log(`  FAILED   ${name}: ${(error as Error).message}`);
    return "failed";
  }
}

export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}
