import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const command = fileURLToPath(new URL("../bin/mayday", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mayday-command-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the command mayday", () => {
  it("runs through a link, in any folder, with no Node on the PATH, and keeps what is compiled", () => {
    const link = join(folder, "mayday");
    symlinkSync(command, link);
    const compiled = join(folder, "compiled");
    const env = { PATH: "/usr/bin:/bin", NODE_COMPILE_CACHE: compiled };
    const { status, stdout, stderr } = spawnSync(link, ["stackwalk", "no such dump"], {
      cwd: folder,
      env,
      encoding: "utf8",
    });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^FILE_UNREADABLE: .*no such dump: ENOENT\n$/);
    expect(readdirSync(compiled)).toHaveLength(1);
  });

  it("tells all commands, whichever part of the program they are in", () => {
    const { stdout } = spawnSync(command, ["--help"], { encoding: "utf8" });
    for (const name of ["up", "stackwalk", "minidump", "symcache", "symbolicate", "signature"])
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, "m"));
  });
});
