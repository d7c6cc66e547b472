import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/**/*.test.ts",
      "services/**/*.test.ts",
      "test/system/**/*.test.ts",
      "test/conformance/*.test.ts",
      "test/conformance/processor/**/*.test.ts",
      "test/day/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    reporters: ["default", "./scripts/skipped-reporter.ts"],
    testTimeout: 20_000,
    // System tests bring whole pipelines up; two cores carry two test files at once.
    maxWorkers: 2,
  },
});
