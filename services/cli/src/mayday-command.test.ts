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
    for (const name of [
      "up",
      "stackwalk",
      "minidump",
      "symcache",
      "symbolicate",
      "signature",
      "tokens",
      "audit",
    ])
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, "m"));
  });

  it.each([
    ["nosuch"],
    ["nosuch", "--help"],
    ["help", "nosuch"],
    ["nosuch", "-h", "x"],
    ["symcache", "nosuch", "--help"],
  ])("says that there is no command %s %s %s", (...args) => {
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^USAGE: unknown command 'nosuch'.*\n$/);
  });

  it("names the command that may have been meant", () => {
    const { status, stderr } = spawnSync(command, ["stakwalk", "--help"], { encoding: "utf8" });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^USAGE: unknown command 'stakwalk' \(Did you mean stackwalk\?\);.*\n$/);
  });

  it("gives the help of commands that there are", () => {
    for (const args of [
      ["help", "stackwalk"],
      ["symcache", "build", "--help"],
      ["up", "--help"],
    ]) {
      const { status, stdout } = spawnSync(command, args, { encoding: "utf8" });
      expect([args, status]).toEqual([args, 0]);
      expect(stdout).toMatch(/^Usage: mayday /);
    }
  });

  it("tells all settings that are wrong, of whichever service, before anything starts", () => {
    const { status, stdout, stderr } = spawnSync(command, ["up"], {
      encoding: "utf8",
      env: {
        PATH: process.env["PATH"],
        MAYDAY_DATA_DIR: join(folder, "data"),
        COLLECTOR_PORT: "abc",
        SCHEDULER_SWEEP_DAY: "3",
        WEBAPP_PERMISSIONS: "view_all",
      },
    });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^CONFIG_INVALID: [^\n]*\n$/);
    for (const name of ["COLLECTOR_PORT: ", "SCHEDULER_SWEEP_DAY is not a setting", "WEBAPP_PERMISSIONS"])
      expect(stderr).toContain(name);
    expect(stderr.match(/COLLECTOR_PORT/g)).toHaveLength(1);
    expect(readdirSync(folder)).not.toContain("data");
  });
});
