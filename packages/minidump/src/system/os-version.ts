import type { Os } from "./cpu-and-os.ts";

/**
 * Splits what a dump tells of the system's version in version and build.
 *
 * `numbers` are major, minor and build; `text` is the CSD string: a service pack on Windows, a build on macOS.
 * Linux writers leave the numbers at 0 and put the output of `uname -srvmo` into the text, so there its second
 * word is the version and the rest, without the machine, is the build.
 */
export function osVersion(
  os: Os,
  numbers: readonly [number, number, number],
  text: string | undefined,
): { version: string; build: string | undefined } {
  const plain = { version: numbers.join("."), build: text?.trim() || undefined };
  if (os !== "Linux" || plain.version !== "0.0.0" || plain.build === undefined) return plain;

  const words = plain.build.split(" ");
  const version = words[1];
  if (version === undefined) return plain;
  let end = words.length - 1;
  // Where the operating system follows the machine it is written in this order; rust-minidump knows no other.
  if (words[end] === "Linux/GNU") end -= 1;
  return { version, build: words.slice(2, end).join(" ") || undefined };
}
