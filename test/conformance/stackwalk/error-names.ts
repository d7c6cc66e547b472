import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { lastError, readMinidump } from "@mayday/minidump";
import { synthMinidump } from "@mayday/minidump/synth";
import { peerJson } from "../../../packages/stackwalk/src/test-support/peer.ts";

const LAST_ERROR_AT = 0x68;
const TEB = 0x7000_0000n;
const TEB_BYTES = 0x80;

/** Numbers that may be names: all small ones, and of every severity and facility some. */
function candidates(): number[] {
  const numbers: number[] = [];
  for (let low = 0; low < 0x4000; low++) numbers.push(low);
  for (const high of [
    0x4000, 0x8000, 0xc000, 0xc002, 0xc00a, 0xc013, 0xc014, 0xc015, 0xc019, 0xc01c, 0xc01e, 0xc06d,
  ])
    for (let low = 0; low < 0x400; low++) numbers.push(high * 0x1_0000 + low);
  return numbers;
}

/** Every number that either program has a name for, asked as the last error of a thread. */
export function errorNames(folder: string): boolean {
  const numbers = candidates();
  let equal = 0;
  const perDump = 4000;
  for (let from = 0; from < numbers.length; from += perDump) {
    const asked = numbers.slice(from, from + perDump);
    const dump = dumpWithLastErrors(asked);
    const path = join(folder, "errors.dmp");
    writeFileSync(path, dump);
    const read = readMinidump(dump);
    if (!read.ok) throw new Error(read.error.message);
    const theirs = peerJson(path, folder).threads as unknown as readonly {
      readonly last_error_value: string;
    }[];
    for (const [index, thread] of read.dump.threads.entries()) {
      const ours = lastError(read.dump, thread);
      if (ours === theirs[index]!.last_error_value) equal++;
      else
        console.log(
          `    0x${asked[index]!.toString(16)}: ${ours} here, ${theirs[index]!.last_error_value} there`,
        );
    }
  }
  console.log(`  names of Windows error codes: ${equal} of ${numbers.length} equal`);
  return equal === numbers.length;
}

function dumpWithLastErrors(numbers: readonly number[]): Uint8Array {
  const block = new DataView(new ArrayBuffer(numbers.length * TEB_BYTES));
  const synth = synthMinidump().system({ platform: 2 });
  for (const [index, number] of numbers.entries()) {
    block.setUint32(index * TEB_BYTES + LAST_ERROR_AT, number, true);
    synth.thread({ id: index + 1, teb: TEB + BigInt(index * TEB_BYTES) });
  }
  return synth.memory({ base: TEB, bytes: new Uint8Array(block.buffer) }).finish();
}
