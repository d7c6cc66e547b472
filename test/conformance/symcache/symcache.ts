import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { MaydayError } from "@mayday/errors";
import { BlockCache, buildSymcache, SpillingFile, Symcache } from "@mayday/symbols";
import { known } from "../../../packages/symbols/src/test-support/known.ts";
import { textSymbolsOf } from "../../../packages/symbols/src/test-support/text-symbols.ts";
import { type Draw, draws } from "../../mulberry32.ts";
import { mutated } from "./mutate.ts";

const FILES = Number(process.env["MAYDAY_MUTATIONS"] ?? 1_000_000);
const SEED = Number(process.env["MAYDAY_SEED"] ?? Date.now() % 2 ** 31);

/** None may take more of the processor than this, ms: they are of a few kilobytes. */
const SLOWEST_MS = 2000;

/** Memory may grow by so much from the first tenth of the files, when the heap has its size, to the last, MB. */
const MAX_GROWTH_MB = 100;

const fixtures = fileURLToPath(new URL("../../../fixtures/symbols/", import.meta.url));

/**
 * A million mutated symbol files and symcaches: each is built or refused with its reason, and asked; no other error
 * leaves the package, none takes long, and memory stays where it is. A text that answers itself says what its symcache
 * says. Equality with the peers is in the package's tests (`npm test -- packages/symbols`), which run where the peers
 * are.
 */
export async function symcache(): Promise<boolean> {
  console.log(`  ${FILES} mutated files, seed ${SEED} (MAYDAY_MUTATIONS, MAYDAY_SEED)`);
  const draw = draws(SEED);
  const texts = samples();
  const told = { built: 0, refused: 0, corrupt: 0 };
  let slowest = 0;
  let rssAtFirst = 0;
  for (let file = 0; file < FILES; file++) {
    const text = mutated(texts[draw(texts.length)]!, draw);
    const before = process.threadCpuUsage();
    const outcome = await tried(text, draw);
    const spent = process.threadCpuUsage(before);
    if (typeof outcome !== "string") return failed(file, text, outcome.error);
    told[outcome]++;
    slowest = Math.max(slowest, (spent.user + spent.system) / 1000);
    if (file === Math.floor(FILES / 10)) rssAtFirst = process.memoryUsage.rss();
    if (file % 50_000 === 49_999) console.log(`  ${file + 1} done: ${JSON.stringify(told)}`);
  }
  const growth = (process.memoryUsage.rss() - rssAtFirst) / 1e6;
  console.log(
    `  ${JSON.stringify(told)}; slowest ${slowest.toFixed(0)} ms of the processor; memory grew by ${growth.toFixed(0)} MB over ${(rssAtFirst / 1e6).toFixed(0)}`,
  );
  return slowest < SLOWEST_MS && growth < MAX_GROWTH_MB;
}

/** Builds a text's symcache and asks it and the text; one time in two the symcache is damaged, too. */
async function tried(
  text: Buffer,
  draw: Draw,
): Promise<"built" | "refused" | "corrupt" | { error: unknown }> {
  const out = new SpillingFile();
  try {
    await buildSymcache([text], out);
    const bytes = Buffer.alloc(out.length);
    out.read(0, out.length, bytes);
    const symcache = new Symcache(bytes, new BlockCache(64 * 1024));
    const symbols = textSymbolsOf(text, { blocks: new BlockCache(64 * 1024) });
    for (const offset of someOffsets(draw)) {
      const answer = known(symcache, offset);
      if (symbols !== undefined && !isDeepStrictEqual(known(symbols, offset), answer))
        return { error: new Error(`at ${offset} the text says something else than its symcache`) };
    }
    if (draw(2) === 0) ask(new Symcache(mutated(bytes, draw), new BlockCache(64 * 1024)), draw);
    return "built";
  } catch (error) {
    const code = error instanceof MaydayError ? error.code : undefined;
    if (code === "SYMBOLS_MALFORMED") return "refused";
    return code === "SYMCACHE_CORRUPT" ? "corrupt" : { error };
  } finally {
    out.close();
  }
}

function ask(symcache: Symcache, draw: Draw): void {
  for (const offset of someOffsets(draw)) known(symcache, offset);
}

function someOffsets(draw: Draw): number[] {
  return Array.from({ length: 20 }, (_, i) => (i < 10 ? draw(0x4000) : draw(2 ** 32) * 2 ** draw(12)));
}

function failed(file: number, text: Buffer, error: unknown): false {
  console.log(`  file ${file} fails:\n${text.toString("latin1")}\n`, error);
  return false;
}

/** Texts to change: stretches of real files, and one of every record. */
function samples(): Buffer[] {
  const real = globSync(`${fixtures}/*/*/*.sym`).map((path) => readFileSync(path));
  return [Buffer.from(everyRecord), ...real.map(shortened)];
}

/** The first lines of a file, and of each kind of record behind them: short, and all of it whole. */
function shortened(text: Buffer): Buffer {
  const lines = text.toString("latin1").split("\n");
  const stretch = (begin: string, count: number) => {
    const first = lines.findIndex((line) => line.startsWith(begin));
    return first < 0 ? [] : lines.slice(first, first + count);
  };
  const kept = [
    ...lines.slice(0, 8),
    ...stretch("INLINE_ORIGIN", 10),
    ...stretch("FUNC", 60),
    ...stretch("PUBLIC", 8),
    ...stretch("STACK CFI INIT", 30),
  ];
  return Buffer.from(`${kept.join("\n")}\n`, "latin1");
}

const everyRecord = `MODULE windows x86 5A9832E5287241C1838ED98914E9B7FF1 test_app.pdb
INFO CODE_ID 5ED439916EB4000 test_app.exe
FILE 0 c:\\a.c
FILE 1 c:\\b.h
INLINE_ORIGIN 0 inlined(int)
INLINE_ORIGIN 1 deeper()
FUNC m 1000 40 c f(int, char)
INLINE 0 12 0 0 1008 20
INLINE 1 7 1 1 1010 8 1018 4
1000 8 10 0
1008 18 11 1
1020 20 13 0
FUNC 2000 10 0 g
2000 10 5 1
PUBLIC 3000 4 p
PUBLIC m 3010 0 q
STACK WIN 4 1000 40 9 0 c 0 4 0 1 $T0 .raSearch = $eip $T0 ^ = $esp $T0 4 + =
STACK WIN 0 2000 10 0 0 8 0 4 0 0 1
STACK CFI INIT 1000 40 .cfa: $esp 4 + .ra: .cfa -4 + ^
STACK CFI 1001 .cfa: $esp 8 + $ebp: .cfa -8 + ^
STACK CFI 1003 .cfa: $ebp 8 +
STACK CFI INIT 2000 10 .cfa: $esp 4 + .ra: .cfa 4 - ^
`;
