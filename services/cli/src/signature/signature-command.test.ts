import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runMayday } from "../test-support/run-mayday.ts";
import { writeLists } from "./test-support/lists-folder.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mayday-signature-"));
});
afterEach(() => rm(folder, { recursive: true }));

const crash = { threads: [{ frames: [{ function: "abort" }, { function: "void tea::pour(int)" }] }] };
const jsonLines = (...documents: readonly unknown[]) =>
  documents.map((document) => `${JSON.stringify(document)}\n`).join("");

describe("mayday signature", () => {
  it("answers each line of crash data, or of processed crashes, with a line", async () => {
    const processed = { signature: "old", hang: "ui", json_dump: { threads: crash.threads } };
    const { code, out, err } = await runMayday(["signature"], { input: jsonLines(crash, {}, processed) });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const extra = { proto_signature: "abort | tea::pour", normalized_frames: ["abort", "tea::pour"] };
    expect(
      out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { signature: "abort | tea::pour", notes: [], extra },
      {
        signature: "EMPTY: no frame data available",
        notes: ["SignatureGenerationRule: CSignatureTool: no frame data for crashing thread (0)"],
        extra: {},
      },
      { signature: "hang: ui | abort | tea::pour", notes: [], extra },
    ]);
  });

  it("explains, with lists of one's own", async () => {
    const lists = await writeLists(folder, { "prefix_signature_re.txt": ["# ways to die", "ab"] });
    const args = ["signature", "--siglists", lists, "--explain"];
    const { out } = await runMayday(args, { input: jsonLines(crash) });
    expect(JSON.parse(out).steps).toEqual([
      {
        kind: "taken",
        name: "abort",
        at: { thread: 0, frame: 0 },
        source: "C++ function",
        by: { list: "prefix_signature_re.txt", line: 2, pattern: "ab" },
      },
      {
        kind: "taken",
        name: "tea::pour",
        at: { thread: 0, frame: 1 },
        source: "C++ function",
        from: "void tea::pour(int)",
      },
      {
        kind: "rule",
        rule: "SignatureGenerationRule",
        why: "made of the frames of thread 0",
        before: "",
        after: "abort | tea::pour",
      },
    ]);
  });

  it("does as the pipeline does: lists and switches come from its settings", async () => {
    const lists = await writeLists(folder, {});
    const environment = { SIGNATURE_LISTS: lists, SIGNATURE_SWITCHES: "module-offsets" };
    const nameless = { threads: [{ frames: [{ module: "tea", module_offset: "0x10" }] }] };
    const { out } = await runMayday(["signature"], { input: jsonLines(crash, nameless), environment });
    const signatures = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).signature);
    expect(signatures).toEqual(["abort", "tea@0x10"]);
  });

  it("stops at a bad document and names its line and path", async () => {
    const bad = { threads: [{ frames: [{}, { module: 7 }] }] };
    const { code, out, err } = await runMayday(["signature"], { input: jsonLines(crash, bad, crash) });
    expect(code).toBe(1);
    expect(out.trim().split("\n")).toHaveLength(1);
    expect(err).toBe(
      "CRASH_DATA_INVALID: the crash data has a bad value: standard input line 2: threads[0].frames[1].module: expected string, received number\n",
    );
  });

  it.each<[string, string[], number, RegExp]>([
    [
      "a line that is no regular expression",
      ["--siglists", "BAD"],
      1,
      /^CONFIG_INVALID: .*prefix_signature_re.txt line 2: .*\n$/,
    ],
    ["a folder that is not there", ["--siglists", "/nowhere"], 1, /^FILE_UNREADABLE: .*\/nowhere\/.*\n$/],
    [
      "a switch that there is not",
      ["--switch", "kettle"],
      1,
      /^CONFIG_INVALID: .*kettle.*module-offsets, improved-names, parity\n$/,
    ],
    ["an option that there is not", ["--kettle"], 2, /^USAGE: .*--kettle.*\n$/],
  ])("says in one line what is wrong with %s", async (_, args, code, says) => {
    const bad = await writeLists(folder, { "prefix_signature_re.txt": ["fine", "(bad"] });
    const ran = await runMayday(["signature", ...args.map((arg) => (arg === "BAD" ? bad : arg))]);
    expect(ran.code).toBe(code);
    expect(ran.err).toMatch(says);
  });
});
