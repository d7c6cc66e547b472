import { Register } from "./iced.ts";

/** A register's name as it is usually written: `r8b`, `st(0)`. */
export function registerName(register: Register): string {
  const name = Register[register]!.toLowerCase();
  if (/^st\d$/.test(name)) return `st(${name.slice(2)})`;
  return /^r\d+l$/.test(name) ? `${name.slice(0, -1)}b` : name;
}
