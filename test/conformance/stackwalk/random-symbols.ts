import type { Machine } from "./machines.ts";
import type { Random } from "./random.ts";

/** Bytes of the module that symbols are drawn for, and of each of its functions' stretches. */
export const MODULE_BYTES = 0x1000;
const STRETCH = 0x80;

const hex = (value: number) => value.toString(16);

/** The text of a symbol file: functions with lines, inlined functions and rules, publics, and odd ones among them. */
export function randomSymbols(random: Random, machine: Machine, debugId: string, name: string): string {
  const lines = [`MODULE ${machine.symbolOs} ${machine.symbolCpu} ${debugId} ${name}`];
  for (let id = 0; id < 4; id++)
    lines.push(`FILE ${id} /src/file ${id}.c`, `INLINE_ORIGIN ${id} inlined ${id}`);
  const starts = random.many(MODULE_BYTES / STRETCH, (index) => index * STRETCH);
  for (const start of starts) if (!random.oneIn(6)) lines.push(...randomFunction(random, start));
  for (const at of random.many(4, () => random.below(MODULE_BYTES)))
    lines.push(`PUBLIC ${hex(at)} ${hex(random.below(3) * 4)} public ${at}`);
  for (const start of starts) if (!random.oneIn(4)) lines.push(...randomRules(random, machine, start));
  if (machine.symbolOs === "windows" && machine.symbolCpu === "x86")
    for (const start of starts) if (!random.oneIn(3)) lines.push(...randomWindowsFrame(random, start));
  return `${lines.join("\n")}\n`;
}

function randomFunction(random: Random, start: number): string[] {
  const size = 0x20 + random.below(STRETCH - 0x1f);
  const lines = [
    `FUNC ${random.pick("", "m ")}${hex(start)} ${hex(size)} ${hex(random.below(5) * 4)} f${start}(int)`,
  ];
  if (random.oneIn(2))
    lines.push(`INLINE 0 ${random.below(50)} ${random.below(5)} ${random.below(5)} ${hex(start + 8)} 20`);
  if (random.oneIn(3)) lines.push(`INLINE 1 ${random.below(50)} 1 2 ${hex(start + 8)} 10`);
  for (let at = start; at < start + size; at += 0x10)
    if (!random.oneIn(5)) lines.push(`${hex(at)} 10 ${random.below(99)} ${random.below(5)}`);
  return lines;
}

/** Rules load every return address from the stack: those that make one out of nothing go on for ever, in the peer. */
function randomRules(random: Random, machine: Machine, start: number): string[] {
  const { wordBytes } = machine;
  const size = 0x10 + random.below(STRETCH);
  const words = () => (1 + random.below(6)) * wordBytes;
  const saved = () => {
    const register = random.pick(...machine.ruleRegisters);
    const value = random.pick(
      `.cfa -${words()} + ^`,
      `.cfa -${words()} + ^`,
      ".undef",
      random.pick(...machine.ruleRegisters),
      `.cfa ${words()} -`,
      `${machine.ruleSp} 16 @`,
      "7 0 /",
    );
    return `${register}: ${value}`;
  };
  const cfa = random.pick(
    `${machine.ruleSp} ${words()} +`,
    `${machine.ruleSp} ${words()} +`,
    `${machine.ruleSp} ${words()} +`,
    `${machine.fp === undefined ? machine.ruleSp : machine.ruleRegisters[1]} ${words()} +`,
  );
  const ra = random.pick(
    `.cfa -${wordBytes} + ^`,
    `.cfa -${wordBytes} + ^`,
    `.cfa -${words()} + ^`,
    ".undef",
  );
  const first = distinct(random.many(random.below(3), saved));
  const lines = [
    `STACK CFI INIT ${hex(start)} ${hex(size)} .cfa: ${cfa} .ra: ${ra} ${first.join(" ")}`.trim(),
  ];
  if (random.oneIn(2)) {
    lines.push(`STACK CFI ${hex(start + 8)} .cfa: ${machine.ruleSp} ${words()} +`);
    const later = saved();
    if (!first.some((rule) => areAliases(rule, later))) lines.push(`STACK CFI ${hex(start + 12)} ${later}`);
  }
  if (random.oneIn(20))
    lines.push(`STACK CFI ${hex(start + 14)} ${random.pick("junk", `${machine.ruleRegisters[0]}:`)}`);
  return lines;
}

const ALIASES: Readonly<Record<string, string>> = { r11: "fp", r14: "lr" };

function ruledName(rule: string): string {
  return rule.slice(0, rule.indexOf(":"));
}

function ruledRegister(rule: string): string {
  return ALIASES[ruledName(rule)] ?? ruledName(rule);
}

/** Whether two rules are of one register under two names of it: then the peer's answer is by chance. */
function areAliases(one: string, other: string): boolean {
  return ruledRegister(one) === ruledRegister(other) && ruledName(one) !== ruledName(other);
}

/** At most one rule for a register. */
function distinct(rules: readonly string[]): string[] {
  return [...new Map(rules.map((rule) => [ruledRegister(rule), rule])).values()];
}

const PROGRAMS = [
  "$T0 .raSearch = $eip $T0 ^ = $esp $T0 4 + =",
  "$T0 .raSearch = $eip $T0 ^ = $esp $T0 4 + = $ebp $T0 4 - ^ =",
  "$T0 $ebp = $eip $T0 4 + ^ = $ebp $T0 ^ =$esp $T0 8 + =",
  "$T0 .raSearchStart 4 - 8 @ = $eip .raSearch ^ = $esp .raSearch 4 + = $ebx $T0 ^ =",
  "$eip .raSearch .cbCalleeParams + ^ = $esp .raSearch .cbParams 4 + + = $esi .undef =",
  "$eip 4 + =",
  "nonsense",
];

function randomWindowsFrame(random: Random, start: number): string[] {
  const type = random.pick(4, 4, 0);
  const bytes = () => hex(random.below(4) * 4);
  const sizes = `${hex(start)} ${hex(STRETCH - random.below(2) * 8)} ${bytes()} ${bytes()} ${bytes()} ${bytes()} ${bytes()} 0`;
  const rest = type === 4 ? `1 ${random.pick(...PROGRAMS)}` : `0 ${random.below(2)}`;
  return [`STACK WIN ${type} ${sizes} ${rest}`];
}
