import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { comparable, hasPeer, peerJson, type WalkJson } from "./test-support/peer.ts";
import { partOf, sharedData } from "./test-support/shared-data.ts";
import { temporaryFolder } from "./test-support/temporary-folder.ts";
import { walkJson } from "./test-support/walk-output.ts";

const fixtures = join(import.meta.dirname, "../../../fixtures");
const folder = await temporaryFolder();

/** Trust and address of a thread's frames. */
function framesOf(json: WalkJson, thread: number): unknown[] {
  return json.threads[thread]!.frames.map(({ trust, offset }) => [trust, BigInt(offset as string)]);
}

describe("the demo crash", async () => {
  const dump = readFileSync(join(fixtures, "demo/demo.dmp"));
  const place = { symbols: join(fixtures, "symbols"), cache: join(folder, "demo") };
  const expected = JSON.parse(readFileSync(join(fixtures, "demo/expected.json"), "utf8")) as WalkJson;

  it("is walked as minidump-stackwalk walked it", async () => {
    expect(comparable(await walkJson(dump, { ...place, improved: false }))).toEqual(comparable(expected));
  });

  it("ends at _start in an improved walk, which differs in nothing else", async () => {
    const json = await walkJson(dump, { ...place, improved: true });
    expect(json.threads[0]!.frames.at(-1)).toMatchObject({ function: "_start", trust: "cfi" });
    const ofMain = framesOf(expected, 0);
    expect(framesOf(json, 0)).toEqual(ofMain.slice(0, ofMain.length - 2));
    for (const thread of [1, 2, 3, 4]) expect(framesOf(json, thread)).toEqual(framesOf(expected, thread));
  });
});

const symbols = sharedData("firefox-esr-153/symbols");

/** Firefox's symbols, unpacked: the peer reads no gzipped ones from a folder. */
function unpacked(): string {
  const target = join(folder, "unpacked");
  cpSync(symbols!, target, { recursive: true, filter: (path) => !path.endsWith(".gz") });
  for (const file of globSync(join(symbols!, "**/*.gz"))) {
    const plain = join(target, file.slice(symbols!.length, -".gz".length));
    mkdirSync(dirname(plain), { recursive: true });
    writeFileSync(plain, gunzipSync(readFileSync(file)));
  }
  return target;
}

describe("dumps of other readers' tests", () => {
  const mac = sharedData("rust-minidump/pipeline-inlines-macos-segv.dmp");
  it.skipIf(mac === undefined)(
    "of macOS has the frames that its own test expects (needs the shared data)",
    async () => {
      const place = {
        symbols: sharedData("rust-minidump/symbols")!,
        cache: join(folder, "mac"),
        improved: false,
      };
      const json = await walkJson(readFileSync(mac!), place);
      const expected = JSON.parse(readFileSync(`${mac}.symbols.json`, "utf8")) as WalkJson;
      expect(json.threads).toEqual(expected.threads);
    },
  );

  // Of Linux, without exception registers, and of Windows.
  for (const name of ["linux_inline", "linux_null_dereference", "minidump_crashpad_annotation"]) {
    const path = sharedData(`breakpad/${name}.dmp`);
    it.skipIf(path === undefined || !hasPeer)(
      `${name}.dmp is walked as minidump-stackwalk walks it (needs the shared data and minidump-stackwalk)`,
      async () => {
        const place = { symbols: folder, cache: join(folder, "breakpad"), improved: false };
        const frames = (json: WalkJson) => json.threads.map(({ frames }) => frames);
        const json = await walkJson(readFileSync(path!), place);
        expect(frames(json)).toEqual(frames(peerJson(path!, folder)));
      },
    );
  }
});

describe("crashes that Firefox sent", () => {
  const submissions = ["parent-sigsegv", "parent-sigabrt"].map((name) => ({
    name,
    path: sharedData(`firefox-esr-153/submissions/${name}.multipart`),
  }));
  const cache = join(folder, "firefox");

  for (const { name, path } of submissions) {
    it.skipIf(path === undefined || symbols === undefined)(
      `${name}: the crashing thread is the one that the client itself unwound (needs the shared data)`,
      async () => {
        const client = JSON.parse(JSON.parse(partOf(path!, "extra").toString()).StackTraces);
        const frames = client.threads[client.crash_thread].frames as { trust: string; ip: string }[];
        const json = await walkJson(partOf(path!, "upload_file_minidump"), {
          symbols: symbols!,
          cache,
          improved: true,
        });
        expect(framesOf(json, 0)).toEqual(frames.map(({ trust, ip }) => [trust, BigInt(ip)]));
        expect(frames).toHaveLength(21);
      },
      60_000,
    );
  }

  it.skipIf(submissions.some(({ path }) => path === undefined) || symbols === undefined || !hasPeer)(
    "are walked as minidump-stackwalk walks them (needs the shared data and minidump-stackwalk)",
    async () => {
      const plain = unpacked();
      for (const { name, path } of submissions) {
        const dump = partOf(path!, "upload_file_minidump");
        const dumpPath = join(folder, `${name}.dmp`);
        writeFileSync(dumpPath, dump);
        const json = await walkJson(dump, { symbols: symbols!, cache, improved: false });
        expect(json.threads.length).toBeGreaterThan(50);
        expect(comparable(json)).toEqual(comparable(peerJson(dumpPath, plain)));
      }
      rmSync(plain, { recursive: true });
    },
    60_000,
  );
});
