import type { Reporter, TestCase, TestModule } from "vitest/node";

/** What is skipped although everything is there. */
const MAY_BE_SKIPPED = new Set([
  // Tests that a folder without write permission is told of; root may write everywhere.
  "packages/storage/src/fs/fs-object-store.test.ts: fs",
]);

/**
 * Prints at the end what was skipped, a line a suite: a suite's name says what it would have needed. With
 * MAYDAY_SKIPS_FAIL a suite that is not listed here fails the run.
 */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = new Map<string, number>();
    for (const module of modules) {
      for (const test of module.children.allTests("skipped")) {
        const suite = `${module.relativeModuleId}: ${suiteOf(test)}`;
        counts.set(suite, (counts.get(suite) ?? 0) + 1);
      }
    }
    if (counts.size === 0) return;
    const lines = [...counts].map(([suite, count]) => `  ${suite} (${count})`);
    console.log(`\nSkipped:\n${lines.join("\n")}`);
    const lost = [...counts.keys()].filter((suite) => !MAY_BE_SKIPPED.has(suite));
    if (process.env["MAYDAY_SKIPS_FAIL"] === undefined || lost.length === 0) return;
    console.log(`\nSKIPPED_THOUGH_POSSIBLE: all that these need is there: ${lost.join("; ")}`);
    process.exitCode = 1;
  }
}

/** The outermost suite a test is in; its own name where it is in none. */
function suiteOf(test: TestCase): string {
  return test.fullName.split(" > ")[0] ?? test.name;
}
