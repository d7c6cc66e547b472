import type { Minidump } from "@mayday/minidump";
import { unloadedAt } from "../address-space/unloaded-at.ts";
import { architectureOf } from "../unwind/architectures.ts";
import type { Frame, FrameTrust } from "../walk/frame.ts";
import type { WalkedThread } from "../walk/walk.ts";

/** How a frame was found, in the words of Breakpad's programs. */
const FOUND_BY: Readonly<Record<FrameTrust, string>> = {
  context: "given as instruction pointer in context",
  cfi: "call frame info",
  frame_pointer: "previous frame's frame pointer",
  scan: "stack scanning",
};

const LINE_WIDTH = 80;

/** A thread's stack, a paragraph for each call; inlined calls count as calls. */
export function stackLines(dump: Minidump, { frames, gap }: WalkedThread): string[] {
  if (frames.length === 0) return ["<no frames>"];
  const lines: string[] = [];
  let number = 0;
  for (const [place, frame] of frames.entries()) {
    if (gap !== undefined && place === gap.after) {
      lines.push(`    … ${gap.omitted} calls left out …`);
      number += gap.omitted;
    }
    for (const { function: name, file, line } of frame.symbol?.inlines ?? []) {
      const source = file === undefined || line === undefined ? "" : ` [${leaf(file)} : ${line}]`;
      lines.push(`${numbered(number++)}${frame.module?.fileName ?? ""}!${name}${source}`);
      lines.push("    Found by: inlining");
    }
    lines.push(`${numbered(number++)}${placeText(dump, frame)}`, ...registerLines(dump, frame));
    lines.push(`    Found by: ${FOUND_BY[frame.trust]}`);
  }
  return lines;
}

function numbered(number: number): string {
  return `${String(number).padStart(2)}  `;
}

function placeText(dump: Minidump, { module, symbol, instruction }: Frame): string {
  if (module === undefined) {
    const gone = unloadedAt(dump.unloadedModules, instruction).map(
      ({ name, offsets }) => ` (unloaded ${name}@${offsets.map((offset) => hex(offset)).join("|")})`,
    );
    return hex(instruction) + gone.join("");
  }
  const offset = instruction - module.base;
  if (symbol === undefined) return `${module.fileName} + ${hex(offset)}`;
  const { function: name, functionStart, file, line, lineStart } = symbol;
  if (file === undefined || line === undefined)
    return `${module.fileName}!${name} + ${hex(offset - BigInt(functionStart))}`;
  const behind = lineStart === undefined ? "" : ` + ${hex(offset - BigInt(lineStart))}`;
  return `${module.fileName}!${name} [${leaf(file)} : ${line}${behind}]`;
}

/** What is known of the registers, in columns. */
function registerLines({ systemInfo }: Minidump, { registers }: Frame): string[] {
  const architecture = architectureOf(systemInfo.cpu);
  const width = (architecture?.wordBytes ?? systemInfo.pointerWidth) * 2;
  const names = architecture?.names.keys() ?? Object.keys(registers);
  const lines: string[] = [];
  let line = "";
  for (const name of names) {
    const value = registers[name];
    if (value === undefined) continue;
    const column = ` ${name.padStart(6)} = 0x${value.toString(16).padStart(width, "0")}`;
    if (line.length + column.length > LINE_WIDTH) {
      lines.push(` ${line}`);
      line = "";
    }
    line += column;
  }
  return line === "" ? lines : [...lines, ` ${line}`];
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function leaf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
