import { crashAddress, crashReason, type MacCrashRecord, type Minidump } from "@mayday/minidump";
import type { CrashAnalysis } from "../analysis/crash-analysis.ts";
import type { JsonDumpOptions } from "../json/json-dump.ts";
import { type Hex, hexOfWidth } from "../json/json-values.ts";
import type { Walk } from "../walk/walk.ts";
import { stackLines } from "./stack-lines.ts";

export interface HumanReportOptions extends JsonDumpOptions {
  /** Only the crash and its thread. */
  readonly brief?: boolean;
}

/** The walk as text, in the form of `minidump-stackwalk --human`; the package's README says where it differs. */
export function humanReport(dump: Minidump, walk: Walk, options: HumanReportOptions = {}): string {
  const hex = hexOfWidth(dump.systemInfo.pointerWidth);
  const crashing = walk.crashingThread;
  const sections = [
    systemLines(dump),
    crashLines(dump, walk, hex),
    processLines(dump),
    ...(crashing === undefined ? [] : [threadLines(dump, walk, crashing)]),
  ];
  if (options.brief) return text(sections);
  for (const [index, { state }] of walk.threads.entries())
    if (index !== crashing && state !== "dump_thread") sections.push(threadLines(dump, walk, index));
  sections.push(
    moduleLines(dump, walk, options),
    unloadedLines(dump, options),
    softErrorLines(dump),
    unreadableLines(dump),
  );
  return text(sections);
}

/** Sections with a blank line between them. */
function text(sections: readonly (readonly string[])[]): string {
  const filled = sections.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.map(printable).join("\n")).join("\n\n")}\n`;
}

/** Names come from anybody: none makes a line of its own, or tells a terminal what to do. */
function printable(line: string): string {
  return line.replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

function systemLines({ systemInfo, linux }: Minidump): string[] {
  const version = [systemInfo.osVersion, systemInfo.osBuild].filter((part) => part).join(" ");
  const { lsbRelease: lsb } = linux;
  return [
    `Operating system: ${systemInfo.os}`,
    `                  ${version}`,
    `CPU: ${systemInfo.cpu}`,
    ...(systemInfo.cpuInfo === undefined ? [] : [`     ${systemInfo.cpuInfo}`]),
    `     ${systemInfo.cpuCount} CPU${systemInfo.cpuCount > 1 ? "s" : ""}`,
    ...(lsb === undefined ? [] : [`Linux ${lsb.id} ${lsb.release} - ${lsb.codename} (${lsb.description})`]),
  ];
}

function crashLines(dump: Minidump, { crash }: Walk, hex: Hex): string[] {
  const address = crashAddress(dump);
  if (crash === undefined || address === undefined) return ["No crash"];
  const adjusted = crash.adjustedAddress;
  return [
    `Crash reason:  ${crashReason(dump)}`,
    `Crash address: ${hex(address)}${adjusted === undefined ? "" : " **"}`,
    ...(adjusted?.kind === "non-canonical"
      ? [`    ** Non-canonical address detected: ${hex(adjusted.address)}`]
      : []),
    ...(adjusted?.kind === "null-pointer"
      ? [`    ** Null pointer detected with offset: ${hex(adjusted.offset)}`]
      : []),
    ...analysisLines(crash, hex),
  ];
}

const ACCESS_TYPES = { read: "Read", write: "Write", readwrite: "ReadWrite" } as const;

function analysisLines(crash: CrashAnalysis, hex: Hex): string[] {
  return [
    ...(crash.instruction === undefined ? [] : [`Crashing instruction: \`${crash.instruction}\``]),
    ...accessLines(crash, hex),
    ...jumpLines(crash, hex),
    ...(crash.possibleBitFlips.length === 0 ? [] : ["Crashing address may be the result of a flipped bit:"]),
    ...[...crash.possibleBitFlips]
      .sort((a, b) => b.confidence - a.confidence || (a.address < b.address ? -1 : 1))
      .map(({ address, sourceRegister, confidence }, index) => {
        const from = sourceRegister === undefined ? "" : `${sourceRegister}=`;
        return `  ${index}. Valid address: ${from}${hex(address)} (${confidence.toFixed(3)})`;
      }),
    ...(crash.inconsistencies.length === 0 ? [] : ["Crash is inconsistent:"]),
    ...crash.inconsistencies.map((name) => `  ${name}`),
  ];
}

function accessLines({ memoryAccesses: accesses }: CrashAnalysis, hex: Hex): string[] {
  if (accesses === undefined) return [];
  if (accesses.length === 0) return ["No memory accessed by instruction"];
  return [
    "Memory accessed by instruction:",
    ...accesses.flatMap(({ address, size, type, isLikelyGuardPage }, index) => [
      `  ${index}. Address: ${hex(address)}`,
      `     Size: ${size ?? "Unknown"}`,
      ...(isLikelyGuardPage ? ["     This address falls in a likely guard page."] : []),
      ...(type === undefined ? [] : [`     Access type: ${ACCESS_TYPES[type]}`]),
    ]),
  ];
}

function jumpLines({ jump }: CrashAnalysis, hex: Hex): string[] {
  if (jump?.kind === "none") return ["No instruction pointer update by instruction"];
  if (jump?.kind !== "to") return [];
  return ["Instruction pointer update done by instruction:", `  Address: ${hex(jump.address)}`];
}

/** The names of a record's fields. */
const MAC_CRASH_INFO: Readonly<Record<keyof MacCrashRecord, string>> = {
  thread: "thread",
  dialogMode: "dialog mode",
  abortCause: "abort_cause",
  module: "module",
  message: "message",
  signatureString: "signature string",
  backtrace: "backtrace",
  message2: "message2",
};

function macCrashLines(record: MacCrashRecord): string[] {
  return Object.entries(MAC_CRASH_INFO).flatMap(([field, name]) => {
    const value = record[field as keyof MacCrashRecord];
    // What was never set is 0 or empty.
    if (!value) return [];
    return [`    ${name}: ${typeof value === "bigint" ? `0x${value.toString(16)}` : value}`];
  });
}

function processLines({ mac, linux, miscInfo, timestamp }: Minidump): string[] {
  const started = miscInfo?.processCreateTime;
  const uptime = started === undefined ? "not available" : `${Math.max(0, timestamp - started)} seconds`;
  return [
    ...(mac.crashInfo === undefined ? [] : ["Mac Crash Info:"]),
    ...(mac.crashInfo ?? []).flatMap((record, index) => [`  Record ${index}`, ...macCrashLines(record)]),
    ...(mac.bootArgs === undefined ? [] : [`Mac Boot Args: ${mac.bootArgs.text ?? ""}`]),
    `Process uptime: ${uptime}`,
    ...(linux.maps === undefined ? [] : [`Linux memory map count: ${linux.maps.lineCount}`]),
  ];
}

function threadLines(dump: Minidump, walk: Walk, index: number): string[] {
  const thread = dump.threads[index]!;
  const crashed = dump.exception === undefined ? "requested dump, did not crash" : "crashed";
  const said = index === walk.crashingThread ? ` (${crashed})` : "";
  return [
    `Thread ${index} ${thread.name ?? ""}${said} - tid: ${thread.id}`,
    ...stackLines(dump, walk.threads[index]!),
  ];
}

function moduleLines(
  dump: Minidump,
  { symbols, modules }: Walk,
  { certificates }: JsonDumpOptions,
): string[] {
  const [main] = dump.modules;
  return [
    "Loaded modules:",
    ...modules.map((module) => {
      const answer = symbols.get(module)?.kind;
      const certificate = certificates?.get(module.fileName);
      return [
        `${span(module)}  ${module.fileName}  ${module.version ?? "???"}`,
        ...(module.base === main?.base ? [" (main)"] : []),
        ...(certificate === undefined ? [] : [`(${certificate})`]),
        ...(answer === "missing" || answer === "malformed" ? [`(symbols ${answer})`] : []),
      ].join(" ");
    }),
  ];
}

function unloadedLines({ unloadedModules }: Minidump, { certificates }: JsonDumpOptions): string[] {
  const sorted = [...unloadedModules].sort((a, b) => (a.base < b.base ? -1 : 1));
  return [
    "Unloaded modules:",
    ...sorted.map((module) => {
      const certificate = certificates?.get(module.fileName);
      return `${span(module)}  ${module.fileName}${certificate === undefined ? "" : ` (${certificate})`}`;
    }),
  ];
}

function unreadableLines({ notes }: Minidump): string[] {
  return notes.length === 0 ? [] : ["Parts of the dump that could not be read:", ...notes];
}

function span({ base, size }: { readonly base: bigint; readonly size: number }): string {
  const hex = (value: bigint) => `0x${value.toString(16).padStart(8, "0")}`;
  return `${hex(base)} - ${hex(base + BigInt(size) - 1n)}`;
}

function softErrorLines({ softErrors }: Minidump): string[] {
  if (!Array.isArray(softErrors) || softErrors.length === 0) return [];
  return [
    "Soft errors were encountered when minidump was written:",
    ...JSON.stringify(softErrors, undefined, 2).split("\n"),
  ];
}
