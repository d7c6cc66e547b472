import type { Reporter, TestModule } from "vitest/node";

/** Prints at the end which tests were skipped, by name: a name says what the test would have needed. */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests("skipped")].map(
        (test) => `  ${module.relativeModuleId}: ${test.fullName}`,
      ),
    );
    if (skipped.length > 0) console.log(`\nSkipped tests (${skipped.length}):\n${skipped.join("\n")}`);
  }
}
