import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openService } from "../test-support/open-service.ts";

const { service, parts } = await openService();
const ID = "000102030405060708090A0B0C0D0E0F1";
const text = `MODULE windows x86_64 ${ID} app.pdb\nINFO CODE_ID 5ED439916EB4000 app.dll\nFILE 0 a.c\nFUNC 1000 10 0 f\n1000 10 5 0\n`;
await parts.shelf.regular.putGzipped(
  { debugFile: "app.pdb", debugId: ID, symbolFile: "app.sym" },
  gzipSync(text),
);
await parts.shelf.uploads.saveSymInfo({
  debugFile: "app.pdb",
  debugId: ID,
  codeFile: "app.dll",
  codeId: "5ED439916EB4000",
  generator: "",
  isTry: false,
});
const job = { memoryMap: [["app.pdb", ID]], stacks: [[[0, 0x1004]]] };
const frame = { frame: 0, module: "app.dll", function: "f", file: "a.c", line: 5 };
const ask = (payload: string, headers = {}) =>
  service.inject({ method: "POST", url: "/symbolicate/v6", payload, headers });

describe("symbolication of version 6", () => {
  it("answers the good jobs of a request beside the bad ones, however many", async () => {
    const jobs = [...Array(20).fill(job), { memoryMap: [] }, 5, job];
    const { results } = (await ask(JSON.stringify({ jobs }))).json();
    expect(results).toHaveLength(23);
    expect(results[22].stacks[0][0]).toMatchObject(frame);
    expect(results.slice(20, 22)).toEqual([
      { error: "job 20 is invalid: no stacks specified" },
      { error: "job 21 is invalid" },
    ]);
  });

  it("reads and writes JSON lines", async () => {
    const lines = [JSON.stringify(job), "", "{", JSON.stringify(job), ""].join("\n");
    const answer = await ask(lines, {
      "content-type": "application/x-ndjson",
      accept: "application/x-ndjson",
    });
    const [first, second, third] = answer.payload
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect([first.stacks[0][0].function, second, third.stacks[0][0].function]).toEqual([
      "f",
      { error: "Payload is not valid JSON" },
      "f",
    ]);
  });

  it("tells where the sources of a frame and of what is inlined into it can be looked at", async () => {
    const [file, revision] = ["git:github.com/teapot/pot:src/a b.c", "0123abcd"];
    const symbols = [
      `MODULE Linux x86_64 ${ID} pot.so`,
      `FILE 0 ${file}:${revision}`,
      "FILE 1 /home/me/b.c",
      "INLINE_ORIGIN 0 g",
      "FUNC 1000 10 0 f",
      "INLINE 0 7 0 0 1000 10",
      "1000 10 5 1",
    ];
    const key = { debugFile: "pot.so", debugId: ID, symbolFile: "pot.so.sym" };
    await parts.shelf.regular.putGzipped(key, gzipSync(`${symbols.join("\n")}\n`));
    const { results } = (
      await ask(JSON.stringify({ memoryMap: [["pot.so", ID]], stacks: [[[0, 0x1004]]] }))
    ).json();
    const [{ inlines, ...outer }] = results[0].stacks[0];
    expect(outer).toMatchObject({
      line: 7,
      source_url: "https://github.com/teapot/pot/blob/0123abcd/src/a%20b.c#L7",
    });
    expect(inlines).toEqual([{ function: "g", file: "/home/me/b.c", line: 5 }]);
  });

  it("finds modules by their code", async () => {
    const module = { code_file: "C:\\x\\app.dll", code_id: "5ed439916eb4000", debug_id: "0".repeat(33) };
    const { results } = (await ask(JSON.stringify({ modules: [module], stacks: [[[0, 0x1004]]] }))).json();
    expect(results[0].stacks[0][0]).toMatchObject(frame);
    expect(results[0].modules[0]).toMatchObject({
      name: "app.dll",
      debug_file: "app.pdb",
      debug_id: ID,
      found: true,
    });
  });

  it("takes what a crash ping holds as it comes", async () => {
    const ping = {
      crash_type: "SIGSEGV",
      modules: [
        {
          base_address: "0x7f4c0b800000",
          debug_file: "app.pdb",
          debug_id: ID,
          filename: "app.dll",
          version: "1",
        },
        { base_address: "0x1000", debug_file: "gone", debug_id: ID },
      ],
      threads: [
        {
          frames: [
            { ip: "0x7f4c0b801004", module_index: 0, trust: "context" },
            { ip: "0x10", trust: "scan" },
          ],
        },
        { frames: [{ ip: "0x1234", module_index: 1 }] },
      ],
    };
    const { results } = (await ask(JSON.stringify(ping))).json();
    const { stacks, modules } = results[0];
    expect(stacks[0]).toMatchObject([frame, { module: "<unknown>", module_offset: "0x10" }]);
    expect(stacks[1]).toMatchObject([{ module: "gone", module_offset: "0x234" }]);
    expect(modules[1]).toMatchObject({ found: false, status: "missing", why: "no source has them" });
  });

  it("tells of a ping what cannot be read in it", async () => {
    const ping = { modules: [], threads: [{ frames: [{ ip: "nowhere" }] }] };
    expect((await ask(JSON.stringify(ping))).json().results).toEqual([
      { error: "job 0 has invalid stacks: stack 0 frame 0 has no address" },
    ]);
  });
});
