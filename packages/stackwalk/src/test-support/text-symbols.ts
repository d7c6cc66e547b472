import { buildSymcache, Symcache } from "@mayday/symbols";
import type { ModuleSymbols, WindowsFrame } from "../module-symbols.ts";
import { compileCfi } from "./compile-cfi.ts";

interface Range<T> {
  readonly start: number;
  readonly end: number;
  readonly value: T;
}

/** Symbols of a symbol file's text, with what symcaches do not keep yet. Ranges of one kind must not overlap. */
export async function textSymbols(text: string): Promise<ModuleSymbols> {
  const symcache = new Symcache(await buildSymcache([Buffer.from(text)]));
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const programs = windowsFrames(lines, "4");
  const sizes = windowsFrames(lines, "0");
  const functions = lines.flatMap((line) => {
    const [, start, size] = /^FUNC (?:m )?([0-9a-f]+) ([0-9a-f]+) /.exec(line) ?? [];
    return start === undefined ? [] : [{ start: hex(start), end: hex(start) + hex(size!), value: true }];
  });
  const begins = new Set(
    lines.flatMap((line) => (/^STACK CFI INIT /.test(line) ? [hex(line.split(" ")[3]!)] : [])),
  );
  const windowsFrame = (offset: number) => at(programs, offset) ?? at(sizes, offset);
  return {
    lookup(offset) {
      const hit = symcache.lookup(offset);
      // A public's own size stays.
      if (hit === undefined || at(functions, offset) === undefined) return hit;
      return { ...hit, parameterSize: windowsFrame(offset)?.parameterSize ?? hit.parameterSize };
    },
    cfiRules: (offset) => {
      const rules = symcache.cfiRulesText(offset);
      return rules === undefined ? undefined : compileCfi(rules);
    },
    beginsCfiRange: (offset) => begins.has(offset),
    windowsFrame,
  };
}

function windowsFrames(lines: readonly string[], type: string): Range<WindowsFrame>[] {
  const ranges: Range<WindowsFrame>[] = [];
  for (const line of lines) {
    const [, , ofType, ...fields] = line.split(" ");
    if (!line.startsWith("STACK WIN ") || ofType !== type) continue;
    const [start, size, prologueSize, epilogueSize, parameterSize, saved, localSize, maxStackSize] = fields
      .slice(0, 8)
      .map(hex) as [number, number, number, number, number, number, number, number];
    const rest = fields.slice(9).join(" ");
    const value: WindowsFrame = {
      prologueSize,
      epilogueSize,
      parameterSize,
      savedRegisterSize: saved,
      localSize,
      maxStackSize,
      program: type === "4" ? rest : undefined,
      allocatesBasePointer: type === "0" && rest !== "0",
    };
    // One that begins inside its predecessor cuts it short.
    const before = ranges.at(-1);
    if (before !== undefined && start > before.start && start < before.end)
      ranges[ranges.length - 1] = { ...before, end: start };
    ranges.push({ start, end: start + size, value });
  }
  return ranges;
}

function at<T>(ranges: readonly Range<T>[], offset: number): T | undefined {
  return ranges.find(({ start, end }) => offset >= start && offset < end)?.value;
}

function hex(text: string): number {
  return Number.parseInt(text, 16);
}
