import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { createLogger } from "./logger.ts";

const folder = await mkdtemp(join(tmpdir(), "mayday-log-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

function messages(file: string): string[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.slice(0, -1).map((line) => JSON.parse(line).msg);
}

describe("the log", () => {
  it("writes what is said in one turn of the event loop when that turns", async () => {
    const file = join(folder, "turns");
    const log = createLogger({ service: "test", level: "info", file });
    log.info("one");
    log.child({ crashId: "x" }).info("two");
    expect(messages(file)).toEqual([]);
    await nextTurn();
    expect(messages(file)).toEqual(["one", "two"]);
    log.info("three");
    await nextTurn();
    expect(messages(file)).toEqual(["one", "two", "three"]);
  });

  it("writes a warning at once, and all before it", () => {
    const file = join(folder, "warnings");
    const log = createLogger({ service: "test", level: "info", file });
    log.info("one");
    log.child({ crashId: "x" }).warn("two");
    expect(messages(file)).toEqual(["one", "two"]);
  });

  it.each(["process.exit(0)", "throw new Error('x')"])("writes all before a process ends by %s", (end) => {
    const file = join(folder, `end${end.length}`);
    const program = `
      import { createLogger } from ${JSON.stringify(join(import.meta.dirname, "logger.ts"))};
      createLogger({ service: "test", level: "info", file: ${JSON.stringify(file)} }).info("last");
      ${end}`;
    try {
      execFileSync(process.execPath, ["--input-type=module", "-e", program], { stdio: "ignore" });
    } catch {
      // It was to end so.
    }
    expect(messages(file)).toEqual(["last"]);
  });
});
