import { gzipSync } from "node:zlib";
import { storedMissing } from "@mayday/storage";
import { describe, expect, it } from "vitest";
import { openService } from "../test-support/open-service.ts";
import { uploadArchive } from "../test-support/upload.ts";
import { zipOf } from "../test-support/zip.ts";

const { service, parts, objects } = await openService({
  SYMBOLS_TOKENS: "KEY:upload_symbols:owner@example.com",
});
const ID = "000102030405060708090A0B0C0D0E0F1";
const missing = async (query = "") => (await service.inject(`/api/missing/${query}`)).json().modules;
const module = (debugFile: string, debugId = ID) => ({ debugFile, debugId, codeFile: "", codeId: "" });

describe("symbols that are missing", () => {
  it("are counted by who asked for them, walks by their product", async () => {
    const job = { memoryMap: [["gone.pdb", ID]], stacks: [[[0, 1]], [[0, 2]]] };
    const payload = JSON.stringify({ jobs: [job, job] });
    await service.inject({ method: "POST", url: "/symbolicate/v5", payload });
    await service.inject(`/gone.pdb/${ID}/gone.sym?code_file=gone.dll&code_id=5ED439916EB4000`);
    parts.missing.note({ module: module("gone.pdb"), by: "walk", product: "Firefox" });
    expect(await missing()).toEqual([
      {
        debug_file: "gone.pdb",
        debug_id: ID,
        code_file: "gone.dll",
        code_id: "5ED439916EB4000",
        count: 3,
        first_seen: expect.any(String),
        last_seen: expect.any(String),
        products: { Firefox: 1 },
        asked_by: ["symbolication", "download", "walk"],
      },
    ]);
    expect(await missing("?product=Thunderbird")).toEqual([]);
  });

  it("are missing no more when they come", async () => {
    const content = Buffer.from(`MODULE windows x86_64 ${ID} gone.pdb\n`);
    await uploadArchive(service, zipOf([{ name: `gone.pdb/${ID}/gone.sym`, content }]));
    expect(await missing()).toEqual([]);
  });

  it("are not those that nobody can have", async () => {
    for (const [name, id] of [
      ["anon_inode:x|y", ID],
      ["zeros.so", "0".repeat(33)],
      ["short.so", "ABC"],
      ["deadbeefdeadbeef", ID],
      ["..", ID],
    ] as const) {
      parts.missing.note({ module: module(name, id), by: "walk" });
    }
    expect(await missing()).toEqual([]);
  });

  it("are told as CSV that no spreadsheet runs", async () => {
    parts.missing.note({ module: module('=1+1,"x'.replace('"', "")), by: "walk", product: "@Firefox" });
    const csv = await service.inject("/api/missing/?format=csv");
    expect(csv.headers["content-type"]).toBe("text/csv; charset=utf-8");
    const [head, row] = csv.payload.split("\r\n");
    expect(head).toBe("debug_file,debug_id,code_file,code_id,count,first_seen,last_seen,products,asked_by");
    expect(row).toMatch(new RegExp(`^"'=1\\+1,x",${ID},,,1,.*,'@Firefox 1,walk$`));
  });

  it("add up over processes, and what the store has is none", async () => {
    const other = storedMissing(objects);
    for (let i = 0; i < 3; i++) other.note({ module: module("often.so"), by: "walk" });
    other.note({ module: module("had.so"), by: "walk" });
    await other.flush();
    parts.missing.note({ module: module("often.so"), by: "walk" });
    await parts.shelf.regular.putGzipped(
      { debugFile: "had.so", debugId: ID, symbolFile: "had.so.sym" },
      gzipSync(`MODULE Linux x86_64 ${ID} had.so\n`),
    );
    const modules = await missing("?limit=1");
    expect(modules).toMatchObject([{ debug_file: "often.so", count: 4 }]);
    expect(JSON.stringify(await missing())).not.toContain("had.so");
  });

  it("of days long ago are forgotten", async () => {
    let now = Date.parse("2026-01-01");
    const counting = storedMissing(objects, () => now);
    counting.note({ module: module("old.so"), by: "walk" });
    await counting.flush();
    expect(JSON.stringify(await counting.list())).toContain("old.so");
    now = Date.parse("2026-03-01");
    expect(JSON.stringify(await counting.list())).not.toContain("old.so");
  });
});
