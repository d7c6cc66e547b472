import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, describe, expect, it, vi } from "vitest";
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

  it("sets a file aside that got too large, and keeps as many as it is told", () => {
    const file = join(folder, "rotated");
    const logs = [1, 2].map(() =>
      createLogger({ service: "test", level: "info", file, limits: { maxBytes: 2000, keep: 2 } }),
    );
    for (let n = 0; n < 100; n++) logs[n % 2]!.warn(String(n));
    const kept = [`${file}.2`, `${file}.1`, file].flatMap(messages);
    expect(kept.length).toBeGreaterThan(30);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, n) => String(100 - kept.length + n)));
    expect(readdirSync(folder).filter((name) => name.startsWith("rotated"))).toHaveLength(3);
    for (const name of [file, `${file}.1`]) expect(statSync(name).size).toBeLessThan(4000);
  });

  it("goes on in a new file when somebody set the old one aside", async () => {
    const file = join(folder, "moved");
    const log = createLogger({ service: "test", level: "info", file });
    log.warn("old");
    renameSync(file, `${file}.1`);
    await vi.waitFor(() => {
      log.warn("new");
      expect(messages(file)).toContain("new");
    }, 5000);
    expect(messages(`${file}.1`)).toContain("old");
  });
});
