import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { memorySource, readMinidump } from "@mayday/minidump";
import { createSymbolSupply, symbolSources, symcacheFolder } from "@mayday/symbols";
import { describe, expect, it } from "vitest";
import { partOf, sharedData } from "../test-support/shared-data.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";
import { walkJson } from "../test-support/walk-output.ts";
import { sanitize } from "./sanitize.ts";

const folder = await temporaryFolder();
const fixtures = join(import.meta.dirname, "../../../../fixtures");

async function sanitized(dump: Uint8Array, symbols: string, cache: string): Promise<Uint8Array> {
  const supply = createSymbolSupply({
    sources: symbolSources([symbols]),
    folder: symcacheFolder(cache),
    memoryBytes: 1024 ** 3,
    missesLastMs: Number.POSITIVE_INFINITY,
    now: Date.now,
  });
  const result = await sanitize(memorySource(dump), ({ debugFile = "", debugId = "", fileName: codeFile }) =>
    supply.get({ debugFile, debugId, codeFile }),
  );
  if (!result.ok) throw new Error(result.error.message);
  return result.bytes.whole();
}

/** The variables of the environment that a dump holds, as they stand in memory. */
function environmentOf(dump: Uint8Array): string[] {
  const read = readMinidump(dump);
  const variables = read.ok ? read.dump.linux.environment : undefined;
  return Object.entries(variables ?? {}).map(([name, value]) => `${name}=${value}`);
}

async function expectSanitized(dump: Uint8Array, symbols: string, cache: string): Promise<number> {
  const out = await sanitized(dump, symbols, cache);
  expect(out.length).toBe(dump.length);
  const environment = environmentOf(dump);
  for (const variable of environment) expect(Buffer.from(out).includes(variable), variable).toBe(false);
  for (const improved of [true, false]) {
    const place = { symbols, cache, improved };
    expect(await walkJson(out, place)).toEqual(await walkJson(dump, place));
  }
  return environment.length;
}

describe("a sanitized dump is walked as the one it was made of, and holds no environment", () => {
  it("of the demo", async () => {
    const dump = readFileSync(join(fixtures, "demo/demo.dmp"));
    await expectSanitized(dump, join(fixtures, "symbols"), join(folder, "demo"));
  });

  for (const reader of ["breakpad", "rust-minidump"]) {
    const place = sharedData(reader);
    it.skipIf(place === undefined)(`of ${reader}'s tests (needs the shared data)`, async () => {
      const dumps = readdirSync(place!).filter(
        (name) => name.endsWith(".dmp") && !name.startsWith("invalid"),
      );
      for (const name of dumps)
        await expectSanitized(
          readFileSync(join(place!, name)),
          join(place!, "symbols"),
          join(folder, reader),
        );
      expect(dumps.length).toBeGreaterThan(2);
    });
  }

  const firefox = sharedData("firefox-esr-153");
  it.skipIf(firefox === undefined || !existsSync(join(firefox, "submissions")))(
    "of Firefox (needs the shared data)",
    async () => {
      for (const name of ["parent-sigsegv", "parent-sigabrt"]) {
        const dump = partOf(join(firefox!, `submissions/${name}.multipart`), "upload_file_minidump");
        const variables = await expectSanitized(dump, join(firefox!, "symbols"), join(folder, "firefox"));
        expect(variables).toBeGreaterThan(3);
      }
    },
    60_000,
  );
});

describe("sanitizing", () => {
  it("says of bytes that are no dump why", async () => {
    expect(
      await sanitize(memorySource(Uint8Array.of(1)), async () => ({ kind: "missing", why: "" })),
    ).toMatchObject({
      ok: false,
      error: { name: "MissingHeader" },
    });
  });
});
