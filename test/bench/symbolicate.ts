import { spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../packages/storage/src/test-support/servers.ts";
import { draws } from "../mulberry32.ts";
import { absent, compare, sharedFile } from "./measure.ts";
import { writeModelledSymbols } from "./modelled-symbols.ts";

const eliotWay = fileURLToPath(new URL("./eliot-way.py", import.meta.url));
const service = fileURLToPath(new URL("../../services/symbols/src/main.ts", import.meta.url));

type Module = readonly [debugFile: string, debugId: string, bytes: number];

const LIBXUL: Module = ["libxul.so", "A36A1B55C852A2FF8A8E978C6AD630580", 0x7a0_0000];
const LIBC: Module = ["libc.so.6", "EC61AC938E5A39B16F9FBD350E3169A50", 0x1e_0000];
const MODELLED: Module = ["xul.pdb", "4C4C44D855553144A1B2C3D4E5F607081", 0x560_0000];

const JOBS = 10;
const STACKS = 50;
const FRAMES = 40;
const WARM_RUNS = 20;

/** ms: of the first request of a fresh process without symcaches, then of those that follow. */
interface Figures {
  readonly cold: number;
  readonly warm: readonly number[];
  readonly warmCpu: readonly number[];
}

/**
 * 20,000 frames a request, by HTTP to a symbols service of its own process; beside them Eliot's way (symbolic in Python,
 * symcaches read for each request) without HTTP.
 */
export async function symbolicate(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mayday-bench-"));
  const texts = join(folder, "texts");
  try {
    const real = [LIBXUL, LIBC].filter((module) => copied(module, texts));
    if (real.length < 2) absent("Firefox's symbol files");
    else await measure("libxul and libc", real, texts, folder);
    const modelled = join(texts, MODELLED[0], MODELLED[1], "xul.sym");
    mkdirSync(dirname(modelled), { recursive: true });
    console.log(`  writing a module of ${((await writeModelledSymbols(modelled)) / 1e6).toFixed(0)} MB …`);
    await measure("modelled xul", [MODELLED], texts, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function copied([name, id]: Module, texts: string): boolean {
  const path = `${name}/${id}/${name}.sym.gz`;
  const from = sharedFile(`firefox-esr-153/symbols/${path}`);
  if (from === undefined) return false;
  mkdirSync(join(texts, name, id), { recursive: true });
  copyFileSync(from, join(texts, path));
  return true;
}

async function measure(what: string, modules: readonly Module[], texts: string, folder: string) {
  const request = requestFor(modules);
  const ours = await measureOurs(request, modules, texts, join(mkdtempSync(join(folder, "ours-"))));
  const theirs = measureEliot(request, texts, mkdtempSync(join(folder, "eliot-")));
  if (theirs === undefined) {
    absent("symbolic (pip install symbolic)");
    console.log(
      `  ${what}: cold ${ours.cold.toFixed(0)} ms, warm ${middle(ours.warm).toFixed(0)} ms, of the processor ${middle(ours.warmCpu).toFixed(0)} ms`,
    );
    return;
  }
  compare(`${what}: cold`, ours.cold, "Eliot's way", theirs.cold, "ms");
  compare(`${what}: warm, median`, middle(ours.warm), "Eliot's way", middle(theirs.warm), "ms");
  compare(
    `${what}: warm, slowest of ${WARM_RUNS}`,
    Math.max(...ours.warm),
    "Eliot's way",
    Math.max(...theirs.warm),
    "ms",
  );
  compare(
    `${what}: warm, of the processor`,
    middle(ours.warmCpu),
    "Eliot's way",
    middle(theirs.warmCpu),
    "ms",
  );
}

function requestFor(modules: readonly Module[]): string {
  const draw = draws(7);
  const stack = () =>
    Array.from({ length: FRAMES }, () => {
      const index = draw(modules.length);
      return [index, draw(modules[index]?.[2] ?? 1)];
    });
  const jobs = Array.from({ length: JOBS }, () => ({
    memoryMap: modules.map(([name, id]) => [name, id]),
    stacks: Array.from({ length: STACKS }, stack),
  }));
  return JSON.stringify({ jobs });
}

async function measureOurs(
  request: string,
  modules: readonly Module[],
  texts: string,
  data: string,
): Promise<Figures> {
  const port = await freePort();
  const child = spawn(process.execPath, [service], {
    env: {
      ...process.env,
      MAYDAY_DATA_DIR: data,
      SYMBOLS_PORT: String(port),
      SYMBOLS_BUILDERS: "0",
      SYMBOL_SOURCES: texts,
      SYMBOLS_REQUEST_SYMBOLS_MB: "4096",
      SYMBOLS_REQUEST_TIMEOUT_MS: "120000",
      LOG_FILE: join(data, "log"),
    },
    stdio: "ignore",
  });
  try {
    const url = `http://127.0.0.1:${port}`;
    await untilUp(url);
    const ask = async () => {
      const [began, cpu] = [performance.now(), cpuMs(child.pid)];
      const response = await fetch(`${url}/symbolicate/v5`, { method: "POST", body: request });
      const text = await response.text();
      if (!response.ok || !text.includes('"function"'))
        throw new Error(`answered ${response.status}: ${text.slice(0, 200)}`);
      return { ms: performance.now() - began, cpu: cpuMs(child.pid) - cpu };
    };
    const cold = (await ask()).ms;
    // The text answers until the symcaches lie there.
    await untilKept(join(data, "symcache"), modules);
    for (let run = 0; run < 2; run++) await ask();
    const warm: { ms: number; cpu: number }[] = [];
    for (let run = 0; run < WARM_RUNS; run++) warm.push(await ask());
    return { cold, warm: warm.map(({ ms }) => ms), warmCpu: warm.map(({ cpu }) => cpu) };
  } finally {
    child.kill();
  }
}

async function untilKept(folder: string, modules: readonly Module[]): Promise<void> {
  for (const [name, id] of modules) {
    for (let tries = 0; !existsSync(join(folder, name, id)); tries++) {
      if (tries > 2000) throw new Error(`no symcache of ${name} is built`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function measureEliot(request: string, texts: string, cache: string): Figures | undefined {
  const file = join(cache, "request.json");
  writeFileSync(file, request);
  const { status, stdout } = spawnSync("python3", [eliotWay, texts, file, cache, String(WARM_RUNS)], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  return status === 0 ? (JSON.parse(stdout) as Figures) : undefined;
}

async function untilUp(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const up = await fetch(`${url}/__lbheartbeat__`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return;
    if (tries > 200) throw new Error("the symbols service did not start");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Of all threads of a process, user and system. */
function cpuMs(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function middle(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}
