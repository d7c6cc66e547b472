import { expect, it } from "vitest";
import { walkerFor } from "./walks-of-a-thread.ts";

const walked = { returnCode: 0, log: "", jsonDump: {}, notes: [], symbolEvents: {} };
const dump = new Uint8Array(1);
const walk = async () => walked;
const ended = { status: "Timeout", why: "it took too long" } as const;

it("walks all dumps, then the main one alone, then none, and says of the others what ended a thread", async () => {
  const all = walkerFor({ of: "all" }, walk, 1000);
  expect(await all.walk({ dump, name: "upload_file_minidump_browser" })).toBe(walked);
  const main = walkerFor({ of: "the main dump", ...ended }, walk, 1000);
  expect(await main.walk({ dump, name: "upload_file_minidump" })).toBe(walked);
  expect(await main.walk({ dump, name: "upload_file_minidump_browser" })).toMatchObject({
    returnCode: 1,
    log: "ERROR Timeout - it took too long\n",
  });
  const none = walkerFor({ of: "none", ...ended }, walk, 1000);
  expect(await none.walk({ dump, name: "upload_file_minidump" })).toMatchObject({ returnCode: 1 });
});

it("walks no dump when the others took all the time of the crash", async () => {
  const late = await walkerFor({ of: "all" }, walk, 1000).walk({ dump, limitMs: 0 });
  expect(late.log).toMatch(/^ERROR Timeout /);
});
