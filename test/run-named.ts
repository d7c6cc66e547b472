/**
 * Runs the programs that the command line names, or all of them, one after the other.
 * What follows the names and begins with `--` is for the programs to read.
 * @param command as people type it
 * @param programs by name; one may answer false: it ran, and what it looked at is not as it should be
 */
export async function runNamed(
  command: string,
  programs: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<void> {
  const given = process.argv.slice(2);
  const firstOption = given.findIndex((argument) => argument.startsWith("--"));
  const asked = firstOption === -1 ? given : given.slice(0, firstOption);
  const unknown = asked.filter((name) => !Object.hasOwn(programs, name));
  if (unknown.length > 0) {
    console.error(`usage: ${command} [-- ${Object.keys(programs).join(" | ")}]`);
    process.exit(2);
  }
  for (const [name, program] of Object.entries(programs)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    console.log(`\n${name}`);
    if ((await program()) === false) process.exitCode = 1;
  }
}
