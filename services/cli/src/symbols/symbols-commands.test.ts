import { globSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { runMayday } from "../test-support/run-mayday.ts";

const symbols = fileURLToPath(new URL("../../../../fixtures/symbols/", import.meta.url));
const [teapot = ""] = globSync(join(symbols, "teapot/*/teapot.sym"));
const debugId = teapot.split("/").at(-2)!;
const folder = await mkdtemp(join(tmpdir(), "mayday-cli-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const symcache = join(folder, "teapot.symcache");
const built = await runMayday(["symcache", "build", teapot, "-o", symcache]);

/** A function of the fixture, by its record. */
async function someFunction(): Promise<{ address: number; name: string }> {
  const [, address, name] = /^FUNC (?:m )?(\w+) \w+ \w+ (teapot::.*)$/m.exec(await readFile(teapot, "utf8"))!;
  return { address: Number.parseInt(address!, 16), name: name! };
}

describe("mayday symcache build", () => {
  it("tells what became of the text", () => {
    expect(built).toMatchObject({ code: 0, out: "" });
    expect(built.err).toMatch(
      /teapot\.symcache: symbols of teapot \w+; \d+ lines in \d+ bytes became \d+ bytes \([\d.]+ %\)\n$/,
    );
  });

  it("makes the same of a compressed text, of standard input, and of a line that cannot be read", async () => {
    const packed = join(folder, "packed.sym.gz");
    await writeFile(packed, gzipSync(await readFile(teapot)));
    const others = [join(folder, "a.symcache"), join(folder, "b.symcache")];
    await runMayday(["symcache", "build", packed, "-o", others[0]!]);
    const input = `${await readFile(teapot, "utf8")}what is this\n`;
    const withBad = await runMayday(["symcache", "build", "-", "-o", others[1]!], { input });
    expect(withBad.err).toMatch(/\n1 lines could not be read and were left out: line \d+: what is this\n$/);
    expect((await readFile(others[0]!)).equals(await readFile(symcache))).toBe(true);
    const { out } = await runMayday(["symcache", "info", others[1]!]);
    expect(JSON.parse(out)).toMatchObject({ badLines: 1 });
  });

  it.each([
    ["a file that is not there", ["nowhere.sym"], "FILE_UNREADABLE: "],
    ["a text that is none", [fileURLToPath(import.meta.url)], "SYMBOLS_MALFORMED: "],
  ])("says in one line why %s is refused, and leaves no file", async (_, [file], why) => {
    const output = join(folder, "refused.symcache");
    const { code, err } = await runMayday(["symcache", "build", file!, "-o", output]);
    expect(code).toBe(1);
    expect(err).toMatch(new RegExp(`^${why}[^\\n]+\\n$`));
    expect((await readdir(folder)).filter((name) => name.startsWith("refused"))).toEqual([]);
  });

  it("leaves no half file where it cannot write", async () => {
    const { code, err } = await runMayday(["symcache", "build", teapot, "-o", join(folder, "no/such/file")]);
    expect(code).toBe(1);
    expect(err).toMatch(/^SYMCACHE_UNSAVED: .*ENOENT[^\n]*\n$/);
  });

  it("needs to be told where to write", async () => {
    expect(await runMayday(["symcache", "build", teapot])).toMatchObject({ code: 2 });
  });
});

describe("mayday symcache info", () => {
  it("tells what is in it", async () => {
    const { code, out } = await runMayday(["symcache", "info", symcache]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ debugFile: "teapot", debugId, badLines: 0, os: "Linux" });
    expect(JSON.parse(out).tables.functions.items).toBe(78);
  });

  it("says that a file is none", async () => {
    const { code, err } = await runMayday(["symcache", "info", teapot]);
    expect([code, err]).toEqual([1, expect.stringMatching(/^SYMCACHE_CORRUPT: .*no symcache\n$/)]);
  });
});

describe("mayday symcache lookup", () => {
  it("tells what stands at offsets, with 0x and without", async () => {
    const { address, name } = await someFunction();
    const hex = address.toString(16);
    const { code, out } = await runMayday(["symcache", "lookup", symcache, `0x${hex}`, hex, "fffffff0"]);
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(lines[0]).toMatchObject({ address: `0x${hex}`, function: name, function_offset: "0x0" });
    expect(lines[1]).toEqual(lines[0]);
    expect(Object.keys(lines[2])).toEqual([
      "address",
      "function",
      "function_offset",
      "file",
      "line",
      "inlines",
    ]);
  });

  it("answers no when nothing is there", async () => {
    const { code, out } = await runMayday(["symcache", "lookup", symcache, "0"]);
    expect([code, JSON.parse(out).function]).toEqual([1, null]);
  });

  it("takes nothing but offsets", async () => {
    expect(await runMayday(["symcache", "lookup", symcache, "main"])).toMatchObject({ code: 2 });
  });
});

describe("mayday symbolicate", () => {
  const run = (input: string) =>
    runMayday(["symbolicate", "--symbols", symbols, "--symbols-cache", join(folder, "cache")], { input });

  it("answers a request of version 5", async () => {
    const { address, name } = await someFunction();
    const job = {
      memoryMap: [["teapot", debugId]],
      stacks: [
        [
          [0, address],
          [-1, 7],
        ],
      ],
    };
    const { code, out } = await run(JSON.stringify({ jobs: [job, job] }));
    const { results } = JSON.parse(out);
    expect([code, results.length]).toEqual([0, 2]);
    expect(results[1].found_modules).toEqual({ [`teapot/${debugId}`]: true });
    expect(results[1].stacks[0][0]).toMatchObject({ frame: 0, module: "teapot", function: name });
    expect(results[1].stacks[0][1]).toEqual({ frame: 1, module: "<unknown>", module_offset: "0x7" });
  });

  it("says what is wrong with one", async () => {
    const bad = await run("{");
    expect([bad.code, bad.err]).toEqual([
      1,
      expect.stringMatching(/^SYMBOLICATE_BAD_REQUEST: .*not valid JSON\n$/),
    ]);
    expect((await run('{"stacks":[]}')).err).toContain("job 0 is invalid: no memoryMap specified");
  });
});
