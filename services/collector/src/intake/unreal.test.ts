import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readUnrealReport } from "./unreal.ts";

// Archives are written here as the engine's source describes them; none of a real game is at hand.

const number = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};
/** The engine's names are fields of 260 bytes. */
const name = (text: string, length = 260) => {
  const bytes = Buffer.alloc(length);
  bytes.write(text);
  return Buffer.concat([number(length), bytes]);
};
const header = (files: number, size = 0) =>
  Buffer.concat([
    name("UECC-Windows-1234_0000"),
    name("UECC-Windows-1234_0000.uecrash"),
    number(size),
    number(files),
  ]);
const file = ([fileName, content]: readonly [string, string | Buffer], index: number) =>
  Buffer.concat([number(index), name(fileName), number(Buffer.byteLength(content)), Buffer.from(content)]);

type Files = readonly (readonly [name: string, content: string | Buffer])[];
const newArchive = (files: Files) =>
  deflateSync(Buffer.concat([Buffer.from("CR1"), header(files.length), ...files.map(file)]));
const oldArchive = (files: Files) =>
  deflateSync(Buffer.concat([header(0), ...files.map(file), header(files.length)]));

const context = `<?xml version="1.0" encoding="UTF-8"?>
<FGenericCrashContext><RuntimeProperties>
<CrashGUID>UECC-Windows-1234_0000</CrashGUID><GameName>UE-Teapot</GameName>
<BuildVersion>++Teapot+Release-CL-42</BuildVersion><BuildConfiguration>Shipping</BuildConfiguration>
<ErrorMessage>Assertion failed: a &lt; b &amp;&amp; c [Line 7]</ErrorMessage><Modules></Modules>
</RuntimeProperties><PlatformProperties><PlatformIsRunningWindows>1</PlatformIsRunningWindows></PlatformProperties>
</FGenericCrashContext>`;
const files: Files = [
  ["CrashContext.runtime-xml", context],
  ["Teapot.log", "log"],
  ["UEMinidump.dmp", "MDMP of the game"],
];
const address = new URLSearchParams("AppID=CrashReporter&AppVersion=5.4.0&UserID=someone&GameName=other");
const unwrapping = () => ({ maxBytes: 1e6, onBytes: () => undefined });
const read = (body: Buffer) => readUnrealReport(body, address, unwrapping());

describe("a report of Unreal Engine's CrashReportClient", () => {
  it.each([
    ["of the present", newArchive(files)],
    ["from before its version was in it", oldArchive(files)],
  ])("%s is read", async (_what, body) => {
    const { annotations, dumps, attachments } = await read(body);
    expect({ ...annotations }).toMatchObject({
      ProductName: "UE-Teapot",
      Version: "++Teapot+Release-CL-42",
      ReleaseChannel: "Shipping",
      GameName: "UE-Teapot",
      ErrorMessage: "Assertion failed: a < b && c [Line 7]",
      UserID: "someone",
    });
    expect(dumps.get("upload_file_minidump")?.toString()).toBe("MDMP of the game");
    expect(Object.values(attachments).map(({ filename }) => filename)).toEqual([
      "CrashContext.runtime-xml",
      "Teapot.log",
    ]);
  });

  it("without a minidump is kept, and says so", async () => {
    const { notes, dumps } = await read(newArchive(files.slice(0, 2)));
    expect(notes).toContain("the archive holds no minidump");
    expect(dumps.size).toBe(2);
  });

  it.each([
    ["is no XML", "no XML <<<"],
    ["has entities of its own", `<!DOCTYPE a [<!ENTITY b "bb">]>${context}`],
    ["has nothing of the kind", "<a><b>c</b></a>"],
  ])("whose context %s is known by its address", async (_what, text) => {
    const { annotations, notes } = await read(
      newArchive([["CrashContext.runtime-xml", text], ...files.slice(1)]),
    );
    expect(annotations).toMatchObject({ ProductName: "other", Version: "5.4.0" });
    expect(notes.join()).toContain("CrashContext.runtime-xml cannot be read");
  });

  it.each([
    ["is no zlib stream", Buffer.from("CR1 no zlib")],
    ["ends too soon", deflateSync(Buffer.concat([Buffer.from("CR1"), header(1), number(0)]))],
    ["is shorter than its header", deflateSync("CR1")],
    ["is empty", deflateSync("")],
    ["says it holds a million files", deflateSync(Buffer.concat([Buffer.from("CR1"), header(1e6)]))],
    ["says it holds fewer than none", deflateSync(Buffer.concat([Buffer.from("CR1"), header(-1)]))],
    [
      "has a file of negative length",
      deflateSync(Buffer.concat([Buffer.from("CR1"), header(1), number(0), name("a"), number(-5)])),
    ],
  ])("that %s is refused", async (_what, body) => {
    await expect(read(body)).rejects.toMatchObject({ code: "MALFORMED_UNREAL_ARCHIVE" });
  });

  it("that is too large when decompressed is refused as too large", async () => {
    await expect(read(deflateSync(Buffer.alloc(1_000_001)))).rejects.toMatchObject({
      code: "BODY_TOO_LARGE",
    });
  });
});
