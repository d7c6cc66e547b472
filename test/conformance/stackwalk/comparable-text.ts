/** What of a report a line belongs to, as far as it matters. */
type Section = "inconsistencies" | "streams" | "unreadable" | "other";

/**
 * The lines of a report for people, ours or the peer's, without what is meant to differ. packages/stackwalk/README.md
 * says what that is and why.
 */
export function comparableLines(report: string): string[] {
  const cpu = /^CPU: (\w+)$/m.exec(report)?.[1] ?? "";
  const lines: string[] = [];
  let section: Section = "other";
  for (const line of withVendorInLine(report).split("\n")) {
    if (section !== "unreadable") section = sectionAt(line) ?? section;
    if (line === "" || section === "streams" || section === "unreadable") continue;
    const isInconsistency = section === "inconsistencies" && line.startsWith("  ");
    lines.push(...(isInconsistency ? ["  an inconsistency"] : comparable(line, cpu)));
  }
  return withoutNamedRegisters(lines, HIDDEN_REGISTERS[cpu] ?? []);
}

/** The peer writes the processor's vendor as it is: of twelve random bytes one may be a newline. */
function withVendorInLine(report: string): string {
  return report.replace(
    /^(CPU: \w+\n)([\s\S]{0,40}? family \d+ model)/m,
    (_, line: string, vendor: string) => line + vendor.replaceAll("\n", escaped),
  );
}

/** The section that begins with a line; undefined where none does. */
function sectionAt(line: string): Section | undefined {
  if (line === "Crash is inconsistent:") return "inconsistencies";
  if (/^(Unimplemented|Unknown) streams encountered:$/.test(line)) return "streams";
  // The last of a report.
  if (line === "Parts of the dump that could not be read:") return "unreadable";
  return /^[^ ]/.test(line) && !line.startsWith("Stream 0x") ? "other" : undefined;
}

const REGISTERS = /^ {2,}\w+ = 0x/;
const REGISTER = /(\w+) = 0x([0-9a-f]+)/g;

function comparable(line: string, cpu: string): string[] {
  if (REGISTERS.test(line))
    return [...line.matchAll(REGISTER)].map(([, name, value]) => {
      const digits = cpu === "mips" ? value!.slice(-8) : value;
      return `     ${name} ${digits}`;
    });
  const number = /^ {4}(thread|dialog mode|abort_cause): /.exec(line);
  if (number !== null) return [number[0]];
  // The peer writes control characters as they are.
  const shown = line.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, escaped);
  return [shown.replaceAll(" (deleted)", "").replace(/ \(symbols (missing|malformed)\)$/, "")];
}

const escaped = (character: string) => `\\u{${character.codePointAt(0)!.toString(16)}}`;

/** By processor: registers that the peer knows of callers under another name than the one that it shows them by. */
const HIDDEN_REGISTERS: Readonly<Record<string, readonly string[]>> = {
  arm: ["fp", "lr", "sp", "pc"],
  arm64: ["fp", "lr"],
};

/** The lines without these registers of callers; those of a thread's first frame stay. */
function withoutNamedRegisters(lines: readonly string[], names: readonly string[]): string[] {
  const kept: string[] = [];
  let registers: string[] = [];
  for (const line of lines) {
    if (line.startsWith("     ")) {
      registers.push(line);
      continue;
    }
    const isFirstFrame = line === "    Found by: given as instruction pointer in context";
    const isHidden = (register: string) => names.some((name) => register.startsWith(`     ${name} `));
    kept.push(...registers.filter((register) => isFirstFrame || !isHidden(register)), line);
    registers = [];
  }
  return [...kept, ...registers];
}
