import { createReadStream, readFileSync, statSync, writeFileSync } from "node:fs";
import { buildSymcache, SpillingFile } from "@mayday/symbols";

// Builds a symcache in a process of its own, so that its peak of memory can be told: FILE OUTPUT.
const [file = "", output = ""] = process.argv.slice(2);
const started = performance.now();
const built = new SpillingFile();
await buildSymcache(createReadStream(file, { highWaterMark: 1 << 20 }), built);
const ms = performance.now() - started;
const cpu = process.cpuUsage();
// Not resourceUsage().maxRSS: that of a process begins with its parent's.
const [, peakKb] = /^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
const peakMb = Number(peakKb) / 1024;
writeFileSync(output, Buffer.concat(Array.from(built.pieces(), (piece) => Buffer.from(piece))));
console.log(
  JSON.stringify({
    ms,
    cpuMs: (cpu.user + cpu.system) / 1000,
    peakMb,
    textBytes: statSync(file).size,
    bytes: built.length,
  }),
);
