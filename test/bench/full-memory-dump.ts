import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SynthBytes, synthMinidump } from "@mayday/minidump/synth";

const mayday = fileURLToPath(new URL("../../services/cli/bin/mayday", import.meta.url));
const peak = new URL("../conformance/bugs/report-peak.ts", import.meta.url).href;

const BASE = 0x1_4000_0000n;
const STACK = 0x20_0000n;
const STACK_BYTES = 0x4000;
const HEAP = 0x2000_0000_0000n;

/** Writes a full-memory dump whose only stack lies behind `heapBytes` of other memory; the file has a hole there. */
export function writeFullMemoryDump(path: string, heapBytes: number): void {
  const front = frontOf(heapBytes, frontOf(heapBytes, 0).length);
  const words = BigUint64Array.from({ length: STACK_BYTES / 8 }, (_, index) =>
    index % 16 === 0 ? BASE + BigInt(index) * 16n : 0n,
  );
  const file = openSync(path, "w");
  writeSync(file, front);
  ftruncateSync(file, front.length + heapBytes);
  writeSync(file, new Uint8Array(words.buffer), 0, STACK_BYTES, front.length + heapBytes);
  closeSync(file);
}

/** All but the memory, which begins at `rva`. */
function frontOf(heapBytes: number, rva: number): Uint8Array {
  const registers = { rip: BASE + 0x100n, rsp: STACK };
  const list = new SynthBytes("little")
    .u64(2n, BigInt(rva))
    .u64(HEAP, BigInt(heapBytes))
    .u64(STACK, BigInt(STACK_BYTES));
  return synthMinidump()
    .system({ platform: 2 })
    .module({ base: BASE, size: 0x1_0000, name: "C:\\app.exe" })
    .thread({ id: 1, stackStart: STACK, registers })
    .exception({ code: 0xc000_0005, address: BASE + 0x100n, registers })
    .stream(9, list.finish())
    .finish();
}

/** The command without symbols: the quickest of some runs, and the most memory that was resident in it. */
export function walkCommand(dump: string): { ms: number; peakMb: number } {
  const runs = Array.from({ length: 5 }, () => {
    const started = performance.now();
    const { status, output } = spawnSync(mayday, ["stackwalk", dump], {
      env: { ...process.env, NODE_OPTIONS: `--import ${peak}` },
      stdio: ["ignore", "ignore", "ignore", "pipe"],
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`mayday stackwalk ${dump} failed`);
    return { ms: performance.now() - started, peakMb: Number(output[3]) / 1024 };
  });
  return runs.toSorted((a, b) => a.ms - b.ms)[0]!;
}
