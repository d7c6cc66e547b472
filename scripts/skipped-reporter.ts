import type { Reporter, TestCase, TestModule } from "vitest/node";

/** Prints at the end what was skipped, a line a suite: a suite's name says what it would have needed. */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules.flatMap((module) => {
      const skipped = [...module.children.allTests("skipped")];
      const bySuite = Map.groupBy(skipped, (test) => `${module.relativeModuleId}: ${suiteOf(test)}`);
      return [...bySuite].map(([suite, tests]) => `  ${suite} (${tests.length})`);
    });
    if (lines.length > 0) console.log(`\nSkipped:\n${lines.join("\n")}`);
  }
}

/** The outermost suite a test is in; its own name where it is in none. */
function suiteOf(test: TestCase): string {
  return test.fullName.split(" > ")[0] ?? test.name;
}
