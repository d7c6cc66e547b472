import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { runMayday } from "../test-support/run-mayday.ts";

const fixtures = fileURLToPath(new URL("../../../../fixtures/", import.meta.url));
const dump = join(fixtures, "demo/demo.dmp");
const folder = await mkdtemp(join(tmpdir(), "mayday-cli-"));
afterAll(() => rm(folder, { recursive: true }));

const symbols = ["--symbols", join(fixtures, "symbols"), "--symbols-cache", join(folder, "cache")];

describe("mayday stackwalk", () => {
  it("prints JSON; certificates and microcode come from the client's annotations", async () => {
    const evil = join(folder, "evil.json");
    const signed = JSON.stringify({ "Teapot Inc.": ["teapot"] });
    writeFileSync(evil, JSON.stringify({ ModuleSignatureInfo: signed, CPUMicrocodeVersion: "0x00a1" }));
    const { code, out } = await runMayday(["stackwalk", dump, ...symbols, "--evil-json", evil]);
    const json = JSON.parse(out);
    expect(code).toBe(0);
    expect(json.crash_info.type).toBe("SIGSEGV / SEGV_MAPERR");
    expect(json.crashing_thread.frames[0].function).toContain("teapot::");
    expect(json.modules_contains_cert_info).toBe(true);
    const [teapot] = json.modules;
    expect([teapot.filename, teapot.cert_subject]).toEqual(["teapot", "Teapot Inc."]);
  });

  it("prints text for people, or writes it to a file", async () => {
    const file = join(folder, "report.txt");
    const args = ["stackwalk", dump, ...symbols, "--human", "--brief"];
    const { out } = await runMayday(args);
    expect(out).toMatch(/^Operating system: Linux\n/);
    expect(out).toContain("Found by: given as instruction pointer in context");
    expect(await runMayday([...args, "--output-file", file])).toMatchObject({ code: 0, out: "" });
    expect(readFileSync(file, "utf8")).toBe(out);
  });

  it("leaves out improvements by name, and knows their names", async () => {
    const frames = async (...args: string[]) => {
      const { out } = await runMayday(["stackwalk", dump, ...symbols, ...args]);
      return JSON.parse(out).threads[0].frame_count;
    };
    const without = ["outermost_frame", "return_to_data"].flatMap((name) => ["--without", name]);
    expect(await frames(...without)).toBe(await frames("--no-improvements"));
    expect(await frames()).toBeLessThan(await frames("--no-improvements"));
    const { code, err } = await runMayday(["stackwalk", dump, "--without", "nonsense"]);
    expect(code).toBe(1);
    expect(err).toBe(
      "CONFIG_INVALID: a setting is missing, unknown or has a bad value: --without nonsense: there is no such improvement\n",
    );
  });

  it("says in one line what it cannot read", async () => {
    expect((await runMayday(["stackwalk", join(folder, "none.dmp")])).err).toMatch(
      /^FILE_UNREADABLE: .*ENOENT\n$/,
    );
    const text = join(folder, "text.dmp");
    writeFileSync(text, "no dump, but long enough for a header of one");
    expect((await runMayday(["stackwalk", text])).err).toMatch(/^DUMP_UNREADABLE: .*HeaderMismatch.*\n$/);
    expect((await runMayday(["stackwalk", dump, "--evil-json", text])).err).toMatch(
      /^FILE_UNREADABLE: .*\n$/,
    );
  });
});

describe("mayday minidump sanitize", () => {
  it("writes a dump whose walk is the same", async () => {
    const out = join(folder, "clean.dmp");
    const sanitized = await runMayday(["minidump", "sanitize", dump, "-o", out, ...symbols]);
    expect(sanitized).toMatchObject({ code: 0, err: "" });
    expect(sanitized.out).toMatch(/^kept \d+ bytes of the process's memory\n$/);
    const walk = async (file: string) => (await runMayday(["stackwalk", file, ...symbols])).out;
    expect(await walk(out)).toBe(await walk(dump));
    expect(readFileSync(out).equals(readFileSync(dump))).toBe(false);
  });

  it("needs to be told where to write", async () => {
    expect(await runMayday(["minidump", "sanitize", dump])).toMatchObject({ code: 2 });
    const { err } = await runMayday(["minidump", "sanitize", dump, "-o", join(folder, "no/such/folder")]);
    expect(err).toMatch(/^FILE_UNREADABLE: .*\n$/);
  });
});
