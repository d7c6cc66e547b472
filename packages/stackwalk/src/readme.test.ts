import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

it("has a README whose first example prints what its comments say", () => {
  const folder = join(import.meta.dirname, "..");
  const example = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(folder, "README.md"), "utf8"))![1]!;
  const promised = Array.from(example.matchAll(/console\.log\(.*; \/\/ (.*)$/gm), (match) => match[1]);
  const printed = execFileSync(process.execPath, ["--input-type=module-typescript", "--eval", example], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(promised.length).toBeGreaterThan(0);
  expect(printed.trim().split("\n")).toEqual(promised);
});
