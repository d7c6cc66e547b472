/**
 * Notes of Socorro and of ours in a form in which those that say the same are equal: ours quote no values, and name a
 * rule without its Python module and the exception's class, which is the other language's.
 */
export function comparableNotes(notes: string): string[] {
  return notes
    .split("\n")
    .map((line) => REPLACEMENTS.reduce((text, [from, to]) => text.replace(from, to), line))
    .filter((line) => line !== "");
}

const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [/^(\S+ has non-boolean value) .*$/s, "$1"],
  [/^(ruleset '\w+' rule ')(?:[\w.]+\.)?(\w+' failed): \w+$/, "$1$2"],
  [/^(WARNING: raw_crash\[CrashTime\] contains unexpected value): .*$/s, "$1"],
  [/^(MacBootArgsRule: mac_boot_args is) \w+ and (not str)$/, "$1 $2"],
  [/^Breadcrumbs: malformed: (?!not valid json).*$/s, "Breadcrumbs: malformed"],
  [/^error in (gzip|json) for .*$/s, "error in $1"],
  [/^(Uncompressed memory info too large)(?: \d+)? (\(max: \d+\))$/, "$1 $2"],
  [
    /^(release channel is \w+ but no version data was found)(?: - added "b0" suffix to version number)?$/,
    "$1",
  ],
  // What the walker printed is not read as text by ours, which has no such walker.
  [/^\S*minidump-stackwalk: non-json output: .*$/s, ""],
  [/^(MinidumpStackwalkRule: minidump-stackwalk: failed: -?\d+): .*$/s, "$1"],
  // Said by ours with the status itself.
  [/^MinidumpStackwalkRule: processing \w+ had error; stomped on mdsw_status_string$/, ""],
  // Of this only Socorro's log tells.
  [/^MemoryReportExtraction: .*$/, ""],
  // Ours may not fail where Socorro's did.
  [/^\w+: Rule failed: .*$/s, ""],
];
