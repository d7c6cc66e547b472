import type { CfiRules } from "../address-space/module-symbols.ts";
import type { Architecture, Callee, Caller } from "./architecture.ts";
import { type CfiInputs, evaluate } from "./cfi-expression.ts";

/**
 * The caller by call-frame rules; undefined when its address or that of its return cannot be known.
 * @param unreadable a register that rules may not read, by the name it is kept under
 * @param calleeSaved registers that are the caller's where no rule says otherwise
 */
export function callerByRules(
  architecture: Architecture,
  { registers: callee, stack, stripped }: Callee,
  rules: CfiRules,
  calleeSaved: readonly string[],
  unreadable?: string,
): Caller | undefined {
  if (rules.returnAddress === undefined) return undefined;
  const { names, wordBytes, ip, sp, fp } = architecture;
  const inputs: CfiInputs = {
    register(name) {
      const own = names.get(name);
      return own === undefined || own === unreadable ? undefined : callee[own];
    },
    load: (address) => stack.word(address),
  };
  const cfa = evaluate(rules.cfa, inputs, undefined);
  if (cfa === undefined) return undefined;
  const returnAddress = evaluate(rules.returnAddress, inputs, cfa);
  if (returnAddress === undefined) return undefined;
  if (!fits(cfa, wordBytes) || !fits(returnAddress, wordBytes)) return undefined;
  const registers: Record<string, bigint> = {};
  for (const name of calleeSaved) if (callee[name] !== undefined) registers[name] = callee[name];
  registers[sp] = cfa;
  registers[ip] = returnAddress;
  for (const [name, rule] of rules.registers) {
    const own = names.get(name);
    if (own === undefined) continue;
    const value = evaluate(rule, inputs, cfa);
    // A signal frame has rules for sp and ip of its own: they count before what the call's frame says of them. A rule
    // that fails for a name that is an alias leaves the register as it is (rust-minidump's rule).
    if (value !== undefined) {
      if (fits(value, wordBytes)) registers[own] = value;
    } else if (own === name && name !== sp && name !== ip) delete registers[name];
  }
  for (const name of [ip, fp, "lr"]) {
    if (registers[name] !== undefined) registers[name] = stripped(registers[name]);
  }
  return { trust: "cfi", registers };
}

function fits(value: bigint, wordBytes: 4 | 8): boolean {
  return wordBytes === 8 || value <= 0xffff_ffffn;
}
