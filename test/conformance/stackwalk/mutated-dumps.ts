import { MaydayError } from "@mayday/errors";
import { memorySource, readMinidump } from "@mayday/minidump";
import {
  allImprovements,
  humanReport,
  jsonDump,
  noImprovements,
  type SymbolsAnswer,
  sanitize,
  walk,
  walkWith,
} from "@mayday/stackwalk";
import { BlockCache, buildSymcache, SpillingFile, Symcache } from "@mayday/symbols";
import { mutated as mutatedText } from "../symcache/mutate.ts";
import { Random } from "./random.ts";
import { type RandomCrash, randomCrash } from "./random-crash.ts";

/** Dumps that are mutated: small ones, so that a change hits something. */
const SAMPLES = 120;
const MAX_SAMPLE_BYTES = 12_000;

/** One in so many also gets a mutated symbol file, is reported as text, or is sanitized. */
const RARE = 20;

/** What trying mutated dumps came to. */
export interface MutationFigures {
  readonly walked: number;
  readonly unreadable: number;
  readonly frames: number;
  readonly slowestMs: number;
  readonly growthMb: number;
}

/** A dump that made something throw; `bytes` reproduces it. */
export interface MutationFailure {
  readonly seed: number;
  readonly error: unknown;
  readonly bytes: Uint8Array;
}

interface Sample {
  readonly crash: RandomCrash;
  readonly symbols: Symcache;
}

/**
 * Walks mutated dumps: what throws, or is read by a reader that fails by its own mistake, ends the trial.
 * @param onProgress is told how many are done, now and then
 */
export async function tryMutatedDumps(
  count: number,
  seed: number,
  onProgress: (done: number) => void = () => undefined,
): Promise<MutationFigures | MutationFailure> {
  const samples = await makeSamples();
  const figures = { walked: 0, unreadable: 0, frames: 0, slowestMs: 0, growthMb: 0 };
  let rssAtFirst = 0;
  for (let index = 0; index < count; index++) {
    const random = new Random(seed + index);
    const sample = random.pick(...samples);
    const bytes = mutated(sample.crash.dump, random);
    const started = performance.now();
    try {
      const frames = await tried(bytes, sample, random);
      if (frames === undefined) figures.unreadable++;
      else {
        figures.walked++;
        figures.frames += frames;
      }
    } catch (error) {
      return { seed: seed + index, error, bytes };
    }
    figures.slowestMs = Math.max(figures.slowestMs, performance.now() - started);
    // Not sooner: until then V8 gives its young objects the room that they get.
    if (index === Math.floor(count / 10)) rssAtFirst = process.memoryUsage.rss();
    if (index % 50_000 === 49_999) onProgress(index + 1);
  }
  return { ...figures, growthMb: (process.memoryUsage.rss() - rssAtFirst) / 1e6 };
}

async function makeSamples(): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let seed = 1; samples.length < SAMPLES; seed++) {
    const crash = randomCrash(seed);
    if (crash.dump.length > MAX_SAMPLE_BYTES) continue;
    samples.push({ crash, symbols: await symcacheOf(Buffer.from(crash.symbols[0]!.text)) });
  }
  return samples;
}

async function symcacheOf(text: Buffer): Promise<Symcache> {
  const built = new SpillingFile();
  await buildSymcache([text], built);
  const bytes = Buffer.alloc(built.length);
  built.read(0, built.length, bytes);
  built.close();
  return new Symcache(bytes, new BlockCache(256 * 1024));
}

/** The number of frames; undefined when the dump cannot be read at all. */
async function tried(bytes: Uint8Array, sample: Sample, random: Random): Promise<number | undefined> {
  const read = readMinidump(bytes);
  const said = read.ok ? read.dump.notes.join("\n") : read.error.message;
  if (said.includes("ReaderFault")) throw new Error(said);
  if (!read.ok) return undefined;
  const symbols = random.oneIn(RARE) ? await otherSymbols(sample, random) : sample.symbols;
  const symbolsOf = async (): Promise<SymbolsAnswer> =>
    symbols === undefined ? { kind: "malformed", why: "mutated" } : { kind: "found", symbols };
  const improvements = random.oneIn(4) ? noImprovements : allImprovements;
  const walked = await walkWith(walk(read.dump, { improvements }), symbolsOf);
  JSON.stringify(jsonDump(read.dump, walked));
  if (random.oneIn(RARE)) humanReport(read.dump, walked);
  if (random.oneIn(RARE)) await sanitize(memorySource(bytes), symbolsOf);
  return walked.threads.reduce((sum, { frames }) => sum + frames.length, 0);
}

/** Symbols of a mutated file; undefined where it is refused. */
async function otherSymbols({ crash }: Sample, random: Random): Promise<Symcache | undefined> {
  try {
    return await symcacheOf(mutatedText(Buffer.from(crash.symbols[0]!.text), (below) => random.below(below)));
  } catch (error) {
    if (error instanceof MaydayError && error.code === "SYMBOLS_MALFORMED") return undefined;
    throw error;
  }
}

/** Words that make sizes, counts and offsets go wrong. */
const EXTREMES = [0, 1, 2, 4, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_fffe, 0xffff_ffff];

/** A copy in which a few bytes, words or stretches are changed, or the end is missing. */
function mutated(dump: Uint8Array, random: Random): Uint8Array {
  let bytes = dump.slice();
  for (let changes = 1 + random.below(8); changes > 0; changes--) {
    const at = random.below(bytes.length);
    switch (random.below(8)) {
      case 0:
      case 1:
        bytes[at] = random.below(256);
        break;
      case 2:
      case 3:
      case 4:
        setWord(bytes, random.oneIn(2) ? at & ~3 : at, random.pick(...EXTREMES));
        break;
      case 5:
        // A small change of a number: a list one longer, a place a little further.
        setWord(bytes, at & ~3, wordAt(bytes, at & ~3) + random.below(16) - 8);
        break;
      case 6:
        bytes.copyWithin(at, random.below(bytes.length), random.below(bytes.length));
        break;
      default:
        if (random.oneIn(6)) bytes = bytes.slice(0, Math.max(1, at));
    }
  }
  return bytes;
}

function setWord(bytes: Uint8Array, at: number, value: number): void {
  if (at + 4 <= bytes.length) new DataView(bytes.buffer).setUint32(at, value >>> 0, true);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return at + 4 <= bytes.length ? new DataView(bytes.buffer).getUint32(at, true) : 0;
}
